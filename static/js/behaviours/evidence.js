// Ticks off, photo by photo, what the evidence for a kind of problem needs. The server judges by the same rules.
import { takenAt } from "../exif.js";

const MINUTE = 60000;
const AHEAD = 5 * MINUTE;

export function start(element) {
  const form = element.closest("form");
  const control = form.elements.photos;
  const { photos, interval, fresh, met } = element.dataset;

  const check = async () => {
    const kept = Number(form.elements.kept ? form.elements.kept.value : 0);
    const moments = (await Promise.all(Array.from(control.files).map(takenAt))).filter(Boolean).sort((a, b) => a - b);
    const first = moments[0];
    const last = moments[moments.length - 1];
    const isEnough = moments.length >= Number(photos);
    const done = {
      photos: control.files.length + kept >= Number(photos),
      interval: isEnough && last - first >= Number(interval) * MINUTE,
      fresh: isEnough && first >= Date.now() - Number(fresh) * MINUTE && last <= Date.now() + AHEAD,
    };
    for (const rule of element.children) mark(rule, done[rule.dataset.rule], met);
  };
  control.addEventListener("change", check);
  element.closest("form").addEventListener("click", () => setTimeout(check)); // a photo may have been taken out
  check();
  import("../sending/ahead.js").catch(() => {}); // for when it is sent
}

function mark(rule, isDone, met) {
  if (rule.classList.contains("met") === isDone) return;
  rule.classList.toggle("met", isDone);
  rule.querySelector(".visually-hidden")?.remove();
  if (!isDone) return;
  const said = document.createElement("span");
  said.className = "visually-hidden";
  said.textContent = " " + met;
  rule.append(said);
}
