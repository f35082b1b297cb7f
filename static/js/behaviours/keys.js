// The keys of the desk: letters while nothing is typed, Ctrl+Enter to send, Escape to go back, Ctrl+K to find what to do.
import { found, reachable, unfoldAddressed } from "../desk/commands.js";
import { opening } from "../desk/palette.js";
import { beside, keepOrder, leaveOut } from "../desk/order.js";

// After these a report is out of hand, and the next one of the queue comes.
const GOING_ON = [...["resolutions", "refusals", "questions", "transfers"].map((noun) => "#" + noun + " form"), ".sides form"].join();

export function start(root) {
  const letters = JSON.parse(root.dataset.keys);
  const palette = opening(root.querySelector("dialog"), (code) => found(code, root)());
  let isChoosingView = false;
  keepOrder();
  unfoldAddressed();
  for (const form of document.querySelectorAll(GOING_ON)) form.addEventListener("submit", () => goOn(form));

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey) return withControl(event, palette, root);
    if (palette.isOpen()) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const ready = event.target.closest(".ready");
    if (ready && /^[1-9]$/.test(event.key)) return pick(ready, Number(event.key), event);
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

function pick(list, number, event) {
  const link = list.querySelectorAll("a")[number - 1];
  if (!link) return;
  event.preventDefault();
  link.click();
}

function goOn(form) {
  if (form.elements.next) return leaveOut(new URL(form.action).pathname.replace(/\/mergers$/, "")); // another one, merged into this
  const link = beside(1);
  if (!link) return;
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "next", value: link.pathname.split("/").pop() });
  form.append(field);
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
