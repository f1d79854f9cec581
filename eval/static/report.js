"use strict";
// Draws the table of questions. Article text reaches the page through textContent only.
(() => {
  const { rows, answers } = JSON.parse(document.getElementById("data").textContent);
  const PAGE = 50;
  const columns = [
    { key: "id", label: "id" },
    { key: "question", label: "question" },
    { key: "kind", label: "kind" },
    { key: "set", label: "set" },
    { key: "form", label: "form" },
    ...(answers ? [
      { key: "answer", label: "answer given" },
      { key: "gold", label: "gold" },
      { key: "f1", label: "F1", number: true, digits: 2 },
      { key: "confidence", label: "confidence", number: true, digits: 2 },
    ] : []),
    { key: "rank", label: "gold rank", number: true },
    { key: "error", label: "error" },
  ].filter((column) => rows.some((row) => row[column.key] !== "" && row[column.key] !== null));
  const state = { sort: null, descending: false, filter: "", words: "", page: 0 };
  const at = (id) => document.getElementById(id);

  function element(tag, text, name) {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (name) made.className = name;
    return made;
  }

  function sortable(row, key) {
    const value = row[key];
    return Array.isArray(value) ? value.join(" ") : value;
  }

  function shown() {
    const words = state.words.toLowerCase().split(/\s+/).filter(Boolean);
    const kept = rows.filter((row) => matchesFilter(row) && words.every((word) => haystack(row).includes(word)));
    if (state.sort) kept.sort(compare);
    return kept;
  }

  function matchesFilter(row) {
    if (state.filter === "") return true;
    return state.filter === "any error" ? row.error !== "" : row.error === state.filter;
  }

  function haystack(row) {
    row.text ??= [row.id, row.question, row.answer, ...row.gold, ...row.candidates.map((one) => `${one.title} ${one.source}`)]
      .join(" ").toLowerCase();
    return row.text;
  }

  function compare(left, right) {
    const [a, b] = [sortable(left, state.sort), sortable(right, state.sort)];
    if (a === b) return 0;
    if (a === null || a === "") return 1;
    if (b === null || b === "") return -1;
    return (a < b ? -1 : 1) * (state.descending ? -1 : 1);
  }

  function cell(row, column) {
    const value = row[column.key];
    if (column.key === "answer" && value === null) return element("td", "(abstained)", "answer abstained");
    if (column.key === "gold") {
      const none = row.answerable === false ? "(no answer)" : "";
      return element("td", value.join(" | ") || none, value.length ? "gold" : "gold abstained");
    }
    if (column.number) {
      const text = value === null ? "" : column.digits ? value.toFixed(column.digits) : String(value);
      return element("td", text, "number");
    }
    return element("td", value ?? "", column.key === "error" ? "wrong" : column.key);
  }

  function passage(title, one) {
    const block = document.createDocumentFragment();
    block.append(element("div", `${title}: ${one.title || "untitled"} (${one.source})`, "from"));
    if (!one.pieces) return block;
    const text = element("div", undefined, "passage");
    for (const [piece, mark] of one.pieces) text.append(mark ? element("mark", piece, mark) : piece);
    block.append(text);
    return block;
  }

  function legend() {
    const line = element("p", undefined, "from");
    line.append("Marks: ", element("mark", "predicted", "p"), " ", element("mark", "gold", "g"), " ", element("mark", "both", "pg"));
    return line;
  }

  function details(row) {
    const inside = element("td");
    inside.colSpan = columns.length;
    inside.append(element("p", row.question));
    if (row.reason) inside.append(element("p", `Abstained: ${row.reason}`));
    if (row.candidates.length || row.gold_excerpt) inside.append(legend());
    row.candidates.forEach((one, place) => {
      const name = place ? `Alternative ${place}` : row.answer === null ? "Kept back" : "Answer";
      inside.append(passage(`${name} “${one.answer}” at confidence ${one.confidence.toFixed(2)}`, one));
    });
    row.top.forEach((one, place) => inside.append(passage(`Found ${place + 1}`, one)));
    if (row.gold_excerpt) inside.append(passage("Gold", row.gold_excerpt));
    const facts = [];
    if (row.em !== null) facts.push(`exact match ${row.em}`);
    if (row.gold_rank !== null) facts.push(`passage with the gold answer at rank ${row.gold_rank}`);
    facts.push(`${row.ms.toFixed(0)} ms`);
    inside.append(element("p", facts.join(" · "), "from"));
    const line = element("tr", undefined, "details");
    line.append(inside);
    return line;
  }

  function toggle(line, row) {
    const next = line.nextElementSibling;
    if (next && next.className === "details") next.remove();
    else line.after(details(row));
  }

  function drawHead() {
    const line = element("tr");
    for (const column of columns) {
      const arrow = state.sort === column.key ? (state.descending ? " ▼" : " ▲") : "";
      const head = element("th", undefined, column.number ? "number" : "");
      const button = element("button", column.label + arrow);
      button.addEventListener("click", () => {
        state.descending = state.sort === column.key && !state.descending;
        state.sort = column.key;
        state.page = 0;
        draw();
      });
      head.append(button);
      line.append(head);
    }
    at("table").tHead.replaceChildren(line);
  }

  function drawRow(row) {
    const line = element("tr", undefined, "question");
    line.tabIndex = 0;
    line.append(...columns.map((column) => cell(row, column)));
    line.addEventListener("click", () => toggle(line, row));
    line.addEventListener("keydown", (event) => { if (event.key === "Enter") toggle(line, row); });
    return line;
  }

  function draw() {
    const kept = shown();
    const pages = Math.max(1, Math.ceil(kept.length / PAGE));
    state.page = Math.min(state.page, pages - 1);
    drawHead();
    const part = kept.slice(state.page * PAGE, (state.page + 1) * PAGE);
    at("table").tBodies[0].replaceChildren(...part.map(drawRow));
    at("count").textContent = `${kept.length} of ${rows.length} questions; press one to see its passages`;
    at("page").textContent = `page ${state.page + 1} of ${pages}`;
    at("previous").disabled = state.page === 0;
    at("next").disabled = state.page === pages - 1;
  }

  function show(filter) {
    state.filter = filter;
    state.page = 0;
    at("filter").value = filter;
    draw();
  }

  const classes = [...new Set(rows.map((row) => row.error).filter(Boolean))];
  for (const name of ["", ...(classes.length ? ["any error"] : []), ...classes]) {
    const option = element("option", name || "all questions");
    option.value = name;
    at("filter").append(option);
  }
  for (const button of document.querySelectorAll("[data-error]")) {
    button.disabled = !classes.includes(button.dataset.error);
    button.addEventListener("click", () => { show(button.dataset.error); at("questions").scrollIntoView(); });
  }
  at("filter").addEventListener("change", (event) => show(event.target.value));
  at("search").addEventListener("input", (event) => { state.words = event.target.value; state.page = 0; draw(); });
  at("previous").addEventListener("click", () => { state.page -= 1; draw(); });
  at("next").addEventListener("click", () => { state.page += 1; draw(); });
  draw();
})();
