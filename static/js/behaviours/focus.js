// Moves the focus to what the page has to say first, as after a refused form.
export function start(element) {
  element.focus();
}
