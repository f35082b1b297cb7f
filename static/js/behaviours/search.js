// Shows only the kinds of problem that fit what is typed. Compares as `cps.city.search` does, with the same keys.
import { folded, spaced, wordsFrom } from "../words.js";
import { written } from "../numbers.js";

const DOUBLED = { ㄲ: "ㄱ", ㄸ: "ㄷ", ㅃ: "ㅂ", ㅆ: "ㅅ", ㅉ: "ㅈ" };
const SPELLINGS = [
  ["chh", "c"], ["ch", "c"], ["sh", "s"], ["ph", "f"], ["v", "b"], ["w", "b"], ["z", "j"],
  ["ee", "i"], ["oo", "u"], ["ai", "i"], ["au", "u"], ["a", ""],
];

export function start(element) {
  const field = element.querySelector("input");
  const status = element.parentElement.querySelector(".find-status");
  const tiles = Array.from(element.closest("fieldset").querySelectorAll(".tile"));
  const more = element.closest("fieldset").querySelector("details");
  const wasOpen = more && more.open;
  element.querySelector("button").hidden = true;

  const show = async () => {
    const typed = field.value;
    const { find } = await wordsFrom(element.dataset.from);
    if (typed !== field.value) return;
    const fitting = tiles.filter((tile) => fits(find[tile.querySelector("input").value], typed));
    const shown = fitting.length ? fitting : tiles;
    tiles.forEach((tile) => { tile.hidden = !shown.includes(tile); });
    if (more) more.hidden = Boolean(typed.trim() && fitting.length) && !fitting.some((tile) => more.contains(tile));
    if (more) more.open = typed.trim() ? fitting.some((tile) => more.contains(tile)) || !fitting.length : wasOpen;
    if (!typed.trim()) status.textContent = "";
    else status.textContent = fitting.length ? element.dataset.found.replace("{count}", written(fitting.length)) : element.dataset.none;
  };
  const tell = () => show().catch(() => {});
  field.addEventListener("input", tell);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // it would send the report
  });
  if (field.value !== field.defaultValue) tell(); // typed while this was still on its way, as on a slow line
}

export function fits(keys, typed) {
  if (!keys) return false;
  const [words, consonants, sounds] = keys;
  const asked = folded(spaced(typed)).split(" ").filter(Boolean);
  const first = typed.replace(/\s/g, "").replace(/[ㄲㄸㅃㅆㅉ]/g, (c) => DOUBLED[c]);
  if (/^[ㄱ-ㅎ]+$/.test(first)) return consonants.includes(first);
  if (/[\u1100-\u11ff]/.test(asked.join(""))) return words.replaceAll(" ", "").includes(asked.join(""));
  return asked.every((word) => words.includes(" " + word)) || soundsLike(sounds, asked.join(" "));
}

function soundsLike(sounds, typed) {
  if (!/^[a-z ]+$/.test(typed)) return false;
  let said = typed;
  for (const [spelling, sound] of SPELLINGS) said = said.replaceAll(spelling, sound);
  said = said.replace(/(.)\1+/g, "$1").split(" ").filter(Boolean).join(" ");
  return said.length > 1 && sounds.includes(" " + said);
}
