// Keeps what is typed into the forms of a report while it is typed; the server brings it back with the next page.
const PAUSE_MS = 600;

export function start(section) {
  const waiting = new Map();

  const keep = (form) => {
    clearTimeout(waiting.get(form));
    waiting.delete(form);
    const fields = new URLSearchParams(Array.from(new FormData(form)).filter(([, value]) => typeof value === "string"));
    const isTyped = Array.from(form.querySelectorAll("textarea")).some((field) => field.value.trim());
    const typed = isTyped ? fields : new URLSearchParams(["csrf_token", "version"].map((name) => [name, fields.get(name)]));
    const field = form.querySelector("textarea"); // called as its action and itself
    typed.set("action", field.id.slice(0, -field.name.length - 1));
    fetch(section.dataset.to, { method: "POST", body: typed, keepalive: true }).catch(() => {});
  };

  section.addEventListener("input", ({ target }) => {
    if (!target.form || !target.form.querySelector("textarea")) return;
    clearTimeout(waiting.get(target.form));
    waiting.set(target.form, setTimeout(() => keep(target.form), PAUSE_MS));
  });
  // Sent is sent: what waits to be kept would come back after it.
  section.addEventListener("submit", ({ target }) => {
    clearTimeout(waiting.get(target));
    waiting.delete(target);
  });
  addEventListener("visibilitychange", () => { if (document.hidden) for (const form of [...waiting.keys()]) keep(form); });
}
