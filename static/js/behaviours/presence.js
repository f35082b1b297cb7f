// Says that a report is open here, and tells who else has it open, who types, and that it has changed meanwhile.
const EVERY_MS = 1800;
const AT_REST_MS = 10000; // nobody has touched this page for a while
const REST_AFTER_MS = 60000;
const TYPING_MS = 4000;

export function start(element) {
  const others = element.querySelector(".presence-others");
  const news = element.querySelector(".presence-news");
  let next = 0;
  let touched = Date.now();
  let typed = 0;
  let hasLeft = false;

  const body = (act) => new URLSearchParams({ csrf_token: element.dataset.token, act });
  const say = async () => {
    const isTyping = Date.now() - typed < TYPING_MS;
    const answer = await fetch(element.dataset.to, { method: "POST", body: body(isTyping ? "typing" : "here") });
    if (!answer.ok || answer.redirected) return; // signed out: the next click says so
    const { words, is_typing: isAnotherTyping, version } = await answer.json();
    const text = others.querySelector("span");
    if (text.textContent !== words) text.textContent = words;
    others.hidden = !words;
    others.classList.toggle("is-typing", isAnotherTyping);
    news.hidden = String(version) === element.dataset.version;
  };
  const beat = async () => {
    clearTimeout(next);
    if (document.hidden) return;
    hasLeft = false;
    await say().catch(() => {});
    clearTimeout(next);
    next = setTimeout(beat, Date.now() - touched < REST_AFTER_MS ? EVERY_MS : AT_REST_MS);
  };
  const leave = () => {
    if (!hasLeft) navigator.sendBeacon(element.dataset.to, body("leaving"));
    hasLeft = true; // a page that ends is hidden too
  };
  const touch = () => {
    const wasAtRest = Date.now() - touched >= REST_AFTER_MS;
    touched = Date.now();
    if (wasAtRest) beat();
  };

  for (const kind of ["pointermove", "keydown", "scroll"]) addEventListener(kind, touch, { passive: true });
  document.addEventListener("input", ({ target }) => {
    if (!target.matches("textarea")) return;
    const wasTyping = Date.now() - typed < TYPING_MS;
    typed = Date.now();
    if (!wasTyping) beat();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) beat();
    else leave();
  });
  addEventListener("pagehide", leave);
  beat();
}
