// A list of all that can be done here, found by typing; it shows the keys, so that nobody needs it twice.
export function opening(dialog, act) {
  const field = dialog.querySelector("input");
  const every = Array.from(dialog.querySelectorAll("[data-command]"));
  let chosen = null;

  const shown = () => every.filter((line) => !line.hidden);
  const choose = (line) => {
    if (chosen) chosen.setAttribute("aria-selected", "false");
    chosen = line || null;
    if (!chosen) return field.removeAttribute("aria-activedescendant");
    chosen.setAttribute("aria-selected", "true");
    chosen.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", chosen.id);
  };
  const sift = () => {
    const typed = plain(field.value);
    for (const line of every) line.hidden = line.dataset.away === "yes" || !plain(line.textContent).includes(typed);
    choose(shown()[0]);
  };
  const take = (line) => {
    dialog.close();
    if (line) act(line.dataset.command);
  };
  const move = (way) => {
    const lines = shown();
    choose(lines[(lines.indexOf(chosen) + way + lines.length) % lines.length]);
  };

  field.addEventListener("input", sift);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") take(chosen);
    else if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else return;
    event.preventDefault();
  });
  for (const line of every) {
    line.id = `palette-${line.dataset.command}`;
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", "false");
    line.addEventListener("click", () => take(line));
  }

  return {
    isOpen: () => dialog.open,
    open(isHere) {
      for (const line of every) line.dataset.away = isHere(line.dataset.command) ? "" : "yes";
      field.value = "";
      dialog.showModal();
      sift();
    },
  };
}

function plain(words) {
  return words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
