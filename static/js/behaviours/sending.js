// Sends the report's text, then opens its page; the photos follow from there. Where anything is unusual, the form is sent
// as without scripts. A second tap does nothing, and the key would make it harmless anyway.
import { photosOf, sendReport } from "../sending/report.js";

export function start(form) {
  const button = form.querySelector("button.send");
  const words = button.textContent;
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  button.before(status);

  const wait = (isSending) => {
    button.disabled = isSending;
    button.textContent = isSending ? form.dataset.sending : words;
  };
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.name) return; // a button that asks for something else than to send
    event.preventDefault();
    if (button.disabled) return;
    wait(true);
    status.textContent = "";
    const fields = new FormData(form);
    const follow = Boolean(await photosOf.get(form)?.());
    if (follow) fields.delete("photos");
    try {
      const address = await sendReport(form.action, fields);
      if (address) location.assign(address);
      else asWithoutScripts(form, follow);
    } catch (error) {
      status.textContent = form.dataset.offline;
      wait(false);
    }
  });
  // Back from the next page, as it was left.
  addEventListener("pageshow", () => wait(false));
}

function asWithoutScripts(form, follow) {
  form.elements.photos.disabled = follow;
  form.submit();
}
