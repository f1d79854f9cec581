// Runs once for each pane. Clicks on buttons that the server drew become events; nothing is drawn here.
const number = (button, name) => Number.parseInt(button.dataset[name], 10);

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || !element.contains(button)) return;
  if (button.classList.contains("cs-example")) {
    trigger("suggest", { question: button.textContent });
  } else if ("exhibit" in button.dataset) {
    trigger("show", {
      turn: number(button, "turn"),
      exhibit: number(button, "exhibit"),
      whole: button.dataset.whole === "true",
    });
  }
});

// The newest turn on the left, the marked words on the right: both come into view inside their own pane.
watch("value", () => {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const turns = element.querySelectorAll(".cs-turn");
  const latest = turns[turns.length - 1];
  const stage = latest && `${turns.length} ${latest.querySelector(".cs-pending") ? "pending" : "done"}`;
  if (latest && stage !== element.dataset.stage) {
    element.dataset.stage = stage;
    latest.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  }
  const article = element.querySelector(".cs-article");
  const words = article && (article.querySelector("mark") || article.querySelector(".passage"));
  if (words) {
    const below = words.getBoundingClientRect().top - article.getBoundingClientRect().top;
    article.scrollTop += below - article.clientHeight / 3;
  }
});
