// Puts a template into the form around it at a touch, without another page; what somebody typed there stays.
export function start(list) {
  const form = list.closest("form");
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-fill]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const fields = Object.entries(JSON.parse(link.dataset.fill));
    for (const [name, text] of fields) put(form.elements[name], text);
    form.elements[fields[0][0]].focus();
  });
}

function put(field, text) {
  const isTyped = field.value.trim() && field.value !== field.dataset.filled;
  field.value = isTyped ? field.value.trimEnd() + "\n\n" + text : text;
  if (!isTyped) field.dataset.filled = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
