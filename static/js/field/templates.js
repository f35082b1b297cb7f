// The forms of the outcomes: within the page that is kept for use without a network, and of that page for the list.
let loading = null;

// template(page, outcome) → the template of its form, which says its `name` too.
export async function template(page, outcome) {
  loading ??= load(page.dataset.page);
  loading.catch(() => { loading = null; });
  return (await loading).querySelector(`template[data-form=${outcome}]`);
}

async function load(address) {
  if (document.querySelector("template[data-form]")) return document;
  const answer = await globalThis.caches?.match(address, { ignoreVary: true }) || await fetch(address);
  if (answer.redirected || !answer.ok) throw new Error(address);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}
