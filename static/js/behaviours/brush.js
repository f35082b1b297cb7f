// Marks fields of a photo by dragging over them, or with the arrow keys and the space bar: one stop for Tab.
export function start(brush) {
  const fields = Array.from(brush.querySelectorAll("input"));
  const columns = Number(brush.dataset.columns);
  let paints = null; // what a drag makes of the fields it comes over

  const stopAt = (field) => {
    for (const one of fields) one.tabIndex = one === field ? 0 : -1;
  };
  const under = ({ clientX, clientY }) => {
    const found = document.elementFromPoint(clientX, clientY);
    return fields.includes(found) ? found : null;
  };
  const paint = (event) => {
    const field = paints !== null && under(event);
    if (field) field.checked = paints;
  };

  stopAt(fields[0]);
  brush.classList.add("brush-on");
  brush.addEventListener("pointerdown", (event) => {
    const field = under(event);
    if (!field) return;
    event.preventDefault();
    field.focus();
    paints = !field.checked;
    paint(event);
  });
  brush.addEventListener("pointermove", paint);
  addEventListener("pointerup", () => { paints = null; });
  brush.addEventListener("click", (event) => { if (event.detail) event.preventDefault(); }); // the press has done it
  brush.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    const next = way && fields[fields.indexOf(event.target) + way];
    if (!next) return;
    event.preventDefault();
    stopAt(next);
    next.focus();
  });
}
