// The keys of the desk: letters while nothing is typed, Ctrl+Enter to send, Escape to go back, Ctrl+K to find what to do.
import { found, reachable } from "../desk/commands.js";
import { opening } from "../desk/palette.js";
import { keepOrder } from "../desk/order.js";

export function start(root) {
  const letters = JSON.parse(root.dataset.keys);
  const palette = opening(root.querySelector("dialog"), (code) => found(code, root)());
  let isChoosingView = false;
  keepOrder();

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey) return withControl(event, palette, root);
    if (palette.isOpen()) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const code = event.key === "Escape" ? "back" : command(event.key);
    if (!code) return;
    event.preventDefault();
    found(code, root)();
  });

  function command(key) {
    if (isChoosingView) {
      isChoosingView = false;
      return /^[1-9]$/.test(key) ? "view-" + key : "";
    }
    const code = letters[key];
    if (code === "view") isChoosingView = true;
    return code === "view" || !code || !reachable(code, root) ? "" : code;
  }
}

function withControl(event, palette, root) {
  if (event.key === "Enter" && event.target.form && event.target.form.method === "post") {
    event.preventDefault();
    event.target.form.requestSubmit();
  } else if (event.key === "k") {
    event.preventDefault();
    palette.open((code) => reachable(code, root));
  }
}

function isTyping(element) {
  if (element.isContentEditable) return true;
  if (element.matches("input")) return !["button", "checkbox", "radio", "submit", "file"].includes(element.type);
  return element.matches("textarea, select");
}
