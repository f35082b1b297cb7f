// Puts the cursor where one begins to fill in a form.
export function start(form) {
  const first = form.querySelector("select, textarea");
  if (first && !document.querySelector(".attempt")) first.focus();
}
