// Runs once for each pane. Clicks on buttons that the server drew become events; nothing is drawn here.
const marked = () => {
  // The words marked in the article, and where they begin: code points, as the server counts.
  const selection = window.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return {};
  const range = selection.getRangeAt(0);
  const node = range.startContainer;
  const home = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-base]");
  if (!home || !home.contains(range.endContainer)) return {};
  const before = document.createRange();
  before.selectNodeContents(home);
  before.setEnd(range.startContainer, range.startOffset);
  const start = Number.parseInt(home.dataset.base, 10) + [...before.toString()].length;
  return { start, words: range.toString() };
};

element.addEventListener("mousedown", (event) => {
  // Pressing this button must not take the marked words away.
  if (event.target.closest(".cs-pick")) event.preventDefault();
});

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || !element.contains(button)) return;
  const data = { ...button.dataset };
  if (button.classList.contains("cs-example")) {
    trigger("suggest", { question: button.textContent });
  } else if (data.event === "remove") {
    trigger("remove", data);
  } else if (data.act) {
    trigger("act", data.act === "pick" ? { ...data, ...marked() } : data);
    // Where the panes stand one below the other, what was asked for is further down.
    const below = window.matchMedia("(max-width: 899px)").matches && ["show", "browse"].includes(data.act);
    if (below) document.querySelector("#cs-source").scrollIntoView({ block: "start" });
  }
});

// What the server hands over to keep is saved once, from memory: nothing is fetched.
const save = () => {
  const parcel = element.querySelector("pre[data-number]");
  if (!parcel || element.dataset.saved === parcel.dataset.number) return;
  element.dataset.saved = parcel.dataset.number;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([parcel.textContent], { type: `${parcel.dataset.kind};charset=utf-8` }));
  link.download = parcel.dataset.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};

// The newest turn on the left, the marked words on the right: both come into view inside their own pane.
watch("value", () => {
  save();
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const turns = element.querySelectorAll(".cs-turn");
  const latest = turns[turns.length - 1];
  const stage = latest && `${turns.length} ${latest.querySelector(".cs-pending") ? "pending" : "done"}`;
  if (latest && stage !== element.dataset.stage) {
    element.dataset.stage = stage;
    latest.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  }
  const pane = element.closest("#cs-source");
  const shown = pane && [...element.querySelectorAll("h2, .cs-count")].map((one) => one.textContent).join(" ");
  if (pane && shown !== element.dataset.shown) {
    // Another passage begins with its head: its title, and whether it is verified.
    element.dataset.shown = shown;
    pane.scrollTop = 0;
  }
  const article = element.querySelector(".cs-article");
  const words = article && (article.querySelector("mark") || article.querySelector(".passage"));
  if (words) {
    const below = words.getBoundingClientRect().top - article.getBoundingClientRect().top;
    article.scrollTop += below - article.clientHeight / 3;
  }
});
