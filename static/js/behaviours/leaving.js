// Who signs out leaves nothing of the list on the phone; what was not sent is asked for first. Who signs in on a phone that has
// the list of somebody else takes it away.
export function start(form) {
  forgetOthers(form.dataset.whose).catch(() => {});
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

// Nothing is loaded where nothing was ever kept.
async function forgetOthers(whose) {
  const held = await indexedDB.databases?.();
  if (held && !held.some(({ name }) => name === "field")) return;
  await (await import("../field/store.js")).forgetOthers(whose);
}
