// Shows that a form is on its way and keeps it from being sent by a second tap; the key makes that harmless anyway.
export function start(form) {
  const button = form.querySelector("button[type=submit]");
  const words = button.textContent;
  form.addEventListener("submit", () => {
    // After the browser has gathered the form.
    setTimeout(() => {
      button.disabled = true;
      button.textContent = form.dataset.sending;
    });
  });
  // Back from the next page, as it was left.
  addEventListener("pageshow", () => {
    button.disabled = false;
    button.textContent = words;
  });
}
