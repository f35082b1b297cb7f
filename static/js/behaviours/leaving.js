// Who signs out leaves nothing of the list on the phone; what was not sent is asked for first.
export function start(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const { count, forgetAll } = await import("../field/store.js");
      if (await count() && !confirm(form.dataset.sure)) return;
      await forgetAll();
    } catch {
      // nothing can be kept here
    }
    form.submit();
  });
}
