// Keeps the numbers beside the views of a queue, and offers what came in meanwhile; the rows stay where they are.
import { written } from "../numbers.js";

const EVERY_MS = 20000;

export function start(nav) {
  const offer = document.querySelector(".fresh");
  const look = async () => {
    if (document.visibilityState !== "visible") return;
    const answer = await fetch(nav.dataset.from, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) return; // signed out: the next click says so
    const { views, fresh } = await answer.json();
    for (const link of document.querySelectorAll("[data-view]")) {
      const count = link.querySelector(".count");
      if (count) count.textContent = written(views[link.dataset.view]);
    }
    offer.hidden = !fresh;
    const words = offer.dataset.fresh.replace("{count}", written(fresh));
    if (offer.textContent !== words) offer.textContent = words;
  };
  const again = () => look().catch(() => {});
  setInterval(again, EVERY_MS);
  document.addEventListener("visibilitychange", again);
}
