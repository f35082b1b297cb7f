// Says how many lines of the queue are selected; the bar comes with the first one. Shift and a click select all up to there.
import { boxes, between, remember, tick } from "../desk/selecting.js";
import { written } from "../numbers.js";

export function start(bar) {
  const count = bar.querySelector(".picked-count");
  const show = () => {
    const found = boxes().filter((box) => box.checked).length;
    bar.hidden = !found;
    count.textContent = count.dataset.count.replace("{count}", written(found));
  };
  bar.classList.add("counts");
  document.addEventListener("selected", show);
  document.addEventListener("change", (event) => {
    if (event.target.matches(".q-pick input")) show();
  });
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!box.matches(".q-pick input")) return;
    const before = remember(box);
    if (event.shiftKey && before) tick(between(before, box), box.checked);
  });
  window.addEventListener("pageshow", show); // a page that one comes back to keeps its ticks
  show();
}
