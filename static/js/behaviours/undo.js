// Counts the seconds in which what was done can be taken back; then the button goes.
import { written } from "../numbers.js";

export function start(form) {
  const words = form.querySelector(".undo-left");
  const end = performance.now() + Number(form.dataset.seconds) * 1000;
  const show = () => {
    const left = Math.ceil((end - performance.now()) / 1000);
    if (left <= 0) {
      clearInterval(ticking);
      return form.remove();
    }
    words.textContent = form.dataset.left.replace("{count}", written(left));
  };
  const ticking = setInterval(show, 1000);
}
