// Opens the map when it is asked for; nothing of it is loaded before.
export function start(element) {
  const button = element.querySelector("[data-show]");
  const failed = element.querySelector("[data-failed]");

  button.addEventListener("click", async () => {
    button.disabled = true;
    failed.hidden = true;
    try {
      const { open } = await import("../map/open.js");
      await open(element);
      button.hidden = true;
    } catch (error) {
      failed.hidden = false;
    }
    button.disabled = false;
  });
  button.hidden = false;
}
