BEGIN TRANSACTION;
CREATE TABLE documents (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    title TEXT NOT NULL,
    published TEXT,
    publisher TEXT,
    url TEXT,
    sha256 TEXT NOT NULL,
    passages INTEGER NOT NULL,
    seal BLOB NOT NULL,
    text TEXT NOT NULL
);
INSERT INTO "documents" VALUES(2,'5b48e2291719000b','/articles/salt.txt','A salt battery',NULL,NULL,'https://courier.example/salt','741d118a0dc8b0ed997e24a1100f32e3550e7827d7ba4cad6bc9e10006ee2442',1,X'CAC352E3CE3DB5E3','A salt battery

The battery at Dunfell keeps heat in molten salt for a week.
');
INSERT INTO "documents" VALUES(4,'464a85916899d5e6','/articles/tram.txt','The tram line','2023-01-05',NULL,NULL,'88c43a2fdcac91c864f597db9d4b024d8fb79e769fd66a7a719c07b81e34fe3e',1,X'88985FF068A54CBE','The tram line

The tram opened in Marrowick in 2023. It cost 48 million pounds, the council says.
');
INSERT INTO "documents" VALUES(5,'cfbda07c6c8a443f','/articles/ünicode.md','北京 İ',NULL,NULL,NULL,'e3e61bda7d0367580b69151c6d877714ae65ada70467a9dd915fb8acd3ebbbd9',1,X'77DA8AB4E1AB4400','北京 İ

Café 🧂 one
שלום two three. It''s the end.
');
CREATE TABLE files (
    source TEXT PRIMARY KEY,
    size INTEGER,
    modified INTEGER,
    changed INTEGER,
    inode INTEGER,
    sha256 BLOB NOT NULL,
    loaders TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO "files" VALUES('/articles/salt.txt',97,1000000000000000000,1000000000000000000,42,X'000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F','0123456789abcdef');
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "meta" VALUES('chunker','passages-v1/cleaning-v1/punkt-688ba5cb/target=128/overlap=32/maximum=160/sentence=100');
INSERT INTO "meta" VALUES('dimension','16');
INSERT INTO "meta" VALUES('encoder','bag@1');
INSERT INTO "meta" VALUES('format','2');
INSERT INTO "meta" VALUES('generation','3');
INSERT INTO "meta" VALUES('index_id','00112233aabbccdd');
INSERT INTO "meta" VALUES('removals_from','0');
CREATE TABLE passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    document INTEGER NOT NULL REFERENCES documents (key),
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    context TEXT NOT NULL,
    generation INTEGER NOT NULL,
    seal BLOB NOT NULL
);
INSERT INTO "passages" VALUES(2,'5b48e2291719000b:0-76',2,0,76,'',1,X'04865CC078FF4951');
INSERT INTO "passages" VALUES(4,'464a85916899d5e6:0-97',4,0,97,'',2,X'B6A84DF8D0EDA5B6');
INSERT INTO "passages" VALUES(5,'cfbda07c6c8a443f:0-48',5,0,48,'',2,X'0F4CA03A87617E10');
CREATE TABLE removals (key INTEGER PRIMARY KEY, generation INTEGER NOT NULL);
INSERT INTO "removals" VALUES(1,2);
INSERT INTO "removals" VALUES(3,3);
CREATE TABLE vectors (
    key INTEGER PRIMARY KEY REFERENCES passages (key),
    input BLOB NOT NULL,
    seal BLOB NOT NULL,
    vector BLOB NOT NULL
);
INSERT INTO "vectors" VALUES(2,X'D297FC792CD0600FA044E0FF8AC231C2',X'97CDB61A30D70D83',X'F0309A37B4A7A835E5B0AF31F0B1B93299369B3274B7092FD5B1C82E5224522C');
INSERT INTO "vectors" VALUES(4,X'A04EA3CF094C1AFD445961631EF9C710',X'3B700C1EE272FFEC',X'64B10E3857281932C133BE38FEAE1EB03C32B1B440AD612C8126833073B29232');
INSERT INTO "vectors" VALUES(5,X'65D51C09EF3B1D67395DC0DB787B815F',X'71BB9439B89F5BD2',X'79AE5834382F6C3023300A9A8B352CB08FB276376C35B2B080B61E2B93301EB6');
CREATE TABLE waiting (input BLOB PRIMARY KEY, seal BLOB NOT NULL, vector BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX documents_by_source ON documents (source);
CREATE INDEX documents_by_filter ON documents (published, source);
CREATE INDEX passages_by_document ON passages (document);
CREATE INDEX passages_by_generation ON passages (generation);
CREATE INDEX vectors_by_input ON vectors (input);
CREATE INDEX removals_by_generation ON removals (generation);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('documents',5);
INSERT INTO "sqlite_sequence" VALUES('passages',5);
COMMIT;
