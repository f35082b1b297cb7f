// Asks the further questions about a kind of problem as soon as it is chosen. Without a network the server asks later.
// What was typed about one kind is kept while another is tried.
import { startWithin } from "../starting.js";

export function start(element) {
  const form = element.closest("form");
  const empty = document.createElement("input");
  empty.type = "hidden";
  empty.name = "asked";
  const pieces = new Map();
  const chosen = () => form.querySelector("input[name=category]:checked");
  const shown = element.querySelector("section");
  if (shown && chosen()) pieces.set(chosen().value, Array.from(element.childNodes));

  const ask = async (target) => {
    const code = target.value;
    if ("asks" in target.dataset && !pieces.has(code)) {
      const piece = await load(element.dataset.from.replace("CODE", code)).catch(() => null);
      if (piece) pieces.set(code, piece);
    }
    if (chosen().value !== code) return;
    element.replaceChildren(...(pieces.get(code) || [empty]));
    startWithin(element);
    form.dispatchEvent(new Event("asked"));
  };
  form.addEventListener("change", ({ target }) => target.name === "category" && ask(target));
  if (!shown && chosen()) ask(chosen()); // brought back before this started
}

async function load(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.status);
  const { html } = await answer.json();
  return Array.from(new DOMParser().parseFromString(html, "text/html").body.childNodes);
}
