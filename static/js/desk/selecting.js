// Selecting lines of a queue by keys: the one where the focus is, all from the last one to there, or all on the page.
let last = null;

export const SELECTING = {
  select: () => one((box) => tick([box], !box.checked)),
  "select-range": () => one((box) => tick(between(last || box, box), true)),
  "select-all": () => tick(boxes(), !boxes().every((box) => box.checked)),
};

export function boxes() {
  return Array.from(document.querySelectorAll(".q-pick input"));
}

// The line that an element stands in.
export function lineOf(element) {
  return element && element.closest(".queue tbody tr");
}

// The boxes from one to another, whichever comes first.
export function between(one, other) {
  const every = boxes();
  const ends = [every.indexOf(one), every.indexOf(other)];
  return every.slice(Math.min(...ends), Math.max(...ends) + 1);
}

export function remember(box) {
  const before = last;
  last = box;
  return before;
}

export function tick(some, isOn) {
  for (const box of some) box.checked = isOn;
  document.dispatchEvent(new Event("selected"));
}

// With the line that has the focus, or the first one.
function one(act) {
  const line = lineOf(document.activeElement) || document.querySelector(".queue tbody tr");
  const box = line && line.querySelector(".q-pick input");
  if (!box) return;
  if (!line.contains(document.activeElement)) line.querySelector("a.q-link").focus();
  act(box);
  remember(box);
}
