// Starts what enhances a page: each element with data-behaviour gets the module of that name.
// Everything works without; a module that fails to load leaves the page as it was.
for (const element of document.querySelectorAll("[data-behaviour]")) {
  for (const name of element.dataset.behaviour.split(" ")) {
    import("./behaviours/" + name + ".js").then((module) => module.start(element)).catch(() => {});
  }
}
