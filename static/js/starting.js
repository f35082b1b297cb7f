// Starts what enhances a page: each element with data-behaviour gets the module of that name.
// Everything works without; a module that fails to load, or gets no sentences to say, leaves the page as it was.

// The `start` of behaviours that came along with the page, by name; the others are loaded.
export const ready = {};

export function startWithin(root) {
  for (const element of root.querySelectorAll("[data-behaviour]:not([data-started])")) {
    element.dataset.started = "";
    for (const name of element.dataset.behaviour.split(" ")) begin(element, name).catch(() => {});
  }
}

async function begin(element, name) {
  const [start, said] = await Promise.all([starter(name), element.dataset.say && sentences()]);
  if (said) Object.assign(element.dataset, said[element.dataset.say]);
  await start(element);
}

async function starter(name) {
  return ready[name] || (await import("./behaviours/" + name + ".js")).start;
}

let loading = null;

// What only scripts say, by group (data-say): in one small file that browsers keep.
function sentences() {
  loading = loading || fetch(document.querySelector("[data-sentences]").dataset.sentences)
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)));
  return loading;
}
