// Shows the outcomes that wait on this phone, each with what was written, and with what the city said if it refused it.
import { button, element } from "../sending/said.js";
import * as store from "./store.js";
import { template } from "./templates.js";

// show(place, page, records, { reason, edit(record), again() })
export async function show(place, page, records, { reason, edit, again }) {
  const says = page.dataset;
  const items = await Promise.all(records.map((record) => item(record, page, { edit, again })));
  const stopped = reason && says[reason] ? [element("p", says[reason], { className: "hint" })] : [];
  place.replaceChildren(...(records.length ? [element("h2", says.title), ...stopped, ...items] : []));
  place.hidden = !records.length;
}

async function item(record, page, { edit, again }) {
  const says = page.dataset;
  const made = element("div", "", { className: "kept-outcome" });
  made.dataset.key = record.key;
  const told = await store.read(record).catch(() => null);
  const { name } = (await template(page, record.outcome)).dataset;
  made.append(element("h3", record.reference + " · " + name));
  const words = told ? [told.fields.result, told.fields.note, told.fields.reason].filter(Boolean).join(" ") : "";
  if (words) made.append(element("p", words, { className: "words" }));
  made.append(element("p", record.state === "refused" ? says.refused : says.waiting, { className: "kept-state" }));
  const { sentence, html, faults, doubtful, isLost } = record.said || {};
  if (isLost) made.append(element("p", says.lost, { className: "fault" }));
  for (const fault of [sentence, ...Object.values(faults || {})].filter(Boolean)) made.append(element("p", fault, { className: "fault" }));
  if (html) made.append(Object.assign(document.createElement("div"), { innerHTML: html })); // the city's own, escaped there
  const resend = async () => {
    const { action, fields } = told;
    const sure = doubtful ? { sure: "yes" } : {};
    const { sealed, said, state, ...kept } = record;
    if (isLost) kept.photos = 0;
    await store.keepOutcome({ ...kept, action, fields: { ...fields, ...sure } });
    await again();
  };
  const remove = async () => {
    if (!confirm(says.sureDelete)) return;
    await store.forget(record.key);
    await again();
  };
  const ways = element("p", "", { className: "stop-outcomes" });
  if (told) ways.append(button(doubtful ? says.asItIs : says.send, resend, ""), button(says.edit, () => edit(record, told.fields)));
  ways.append(button(says.delete, remove, "button-quiet kept-delete"));
  made.append(ways);
  return made;
}
