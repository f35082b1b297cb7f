// Asks which kind of problem the words mean, once the person pauses, and offers it below them; never chooses by itself.
const PAUSE = 700;
const SHORTEST = 10;

export function start(element) {
  const form = element.closest("form");
  const words = element.querySelector("textarea");
  const offer = element.querySelector("[data-suggestion]");
  const status = element.querySelector("[data-suggestion-status]");
  let waiting = 0;
  let asked = "";
  let found = null;

  const tile = (code) => form.querySelector(`input[name="category"][value="${CSS.escape(code)}"]`);
  const forget = () => {
    found = null;
    offer.hidden = true;
  };
  const show = (suggestion) => {
    const radio = tile(suggestion.category);
    if (!radio || radio.checked) return forget();
    found = { radio, name: suggestion.name };
    offer.textContent = element.dataset.suggest.replace("{kind}", suggestion.name);
    offer.hidden = false;
  };
  const ask = async () => {
    const text = words.value.trim();
    if (text === asked || text.length < SHORTEST || navigator.connection?.saveData) return;
    asked = text;
    try {
      const answer = await fetch(element.dataset.address, { method: "POST", body: new URLSearchParams({ words: text }) });
      if (words.value.trim() !== text) return;
      if (answer.status === 200) show(await answer.json());
      else forget();
    } catch {
      forget();
    }
  };
  const tell = () => {
    status.textContent = "";
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  };
  words.addEventListener("input", tell);
  offer.addEventListener("click", () => {
    const { radio, name } = found;
    const more = radio.closest("details");
    if (more) more.open = true;
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    status.textContent = element.dataset.chosen.replace("{kind}", name);
    forget();
    words.focus();
  });
  if (words.value !== words.defaultValue) tell(); // typed while this was still on its way
}
