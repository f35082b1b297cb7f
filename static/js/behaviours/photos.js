// Shows the chosen photos small, lets one be taken out again, adds more to them, and offers the first one's place.
// They are kept on the phone and shrunk at once, to follow the text of the report, or to go before it where it is judged
// by when they were taken. Where that fails they stay in the file control, which always holds exactly what is shown, and
// are sent with the form.
import { momentOf, placeOf } from "../exif.js";
import { keyOf, photosOf } from "../sending/report.js";

// Loaded while the first photo is taken: a page without one needs neither.
const shelf = () => import("../sending/shelf.js");
const reducer = () => import("../sending/shrink.js");

export function start(element) {
  const control = element.querySelector("input[type=file]");
  const status = element.querySelector(".photo-status");
  const offer = element.querySelector("[data-photo-place]");
  const list = element.querySelector(".thumbs");
  const saving = element.querySelector("[data-save-data]");
  const form = control.form;
  const proves = () => form.querySelector("[data-rule]");
  let chosen = []; // { id, file, source (what is shrunk), order, isGone, moment, kept: Promise of whether it is on the shelf }
  let place = null;
  let atWork = Promise.resolve(); // one photo is shrunk at a time: a cheap phone has little memory
  control.parentElement.classList.add("camera-live");
  saving.checked = Boolean(navigator.connection?.saveData);

  const show = () => {
    const transfer = new DataTransfer();
    chosen.forEach(({ file }) => transfer.items.add(file));
    control.files = transfer.files;
    list.replaceChildren(...chosen.map(thumb));
    list.hidden = chosen.length === 0;
    saving.parentElement.hidden = chosen.length === 0;
  };
  const thumb = (photo) => {
    const item = document.createElement("li");
    const image = document.createElement("img");
    const remove = document.createElement("button");
    image.src = URL.createObjectURL(photo.file);
    image.alt = photo.file.name;
    image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
    remove.type = "button";
    remove.textContent = element.dataset.remove;
    remove.addEventListener("click", () => {
      chosen = chosen.filter((other) => other !== photo);
      photo.isGone = true;
      photo.kept.then(async () => (await shelf()).forget(photo.id)).catch(() => {});
      form.querySelector(`[name=uploads][value="${photo.id}"]`)?.remove();
      status.textContent = "";
      show();
      offerPlace();
      control.focus();
    });
    item.append(image, remove);
    return item;
  };
  const offerPlace = async () => {
    place = chosen.length ? await placeOf(chosen[0].file) : null;
    offer.hidden = !place;
  };
  const put = async (photo, blob, isSmall) => {
    try {
      const { keep, newId } = await shelf();
      photo.id ??= newId();
      const { id, order, file } = photo;
      const moment = await photo.moment;
      await keep({ id, order, form: keyOf(form), name: file.name, blob, isSmall, moment, saveData: saving.checked });
      return true;
    } catch (error) {
      return false; // no room, or a browser that keeps nothing
    }
  };
  const hold = (file) => {
    const photo = { file, source: file, order: Date.now() + chosen.length, isGone: false, moment: momentOf(file) };
    photo.kept = put(photo, file, false);
    shrink(photo);
    return photo;
  };
  // Until it is done the whole photo is on the shelf, and is shrunk before it follows.
  const shrink = (photo) => {
    atWork = atWork.then(async () => {
      if (photo.isGone || !await photo.kept) return;
      const small = await (await reducer()).shrunk(photo.source, saving.checked);
      if (!photo.isGone) photo.kept = put(photo, small, true);
    }).catch(() => {});
  };

  control.addEventListener("click", () => { Promise.all([shelf(), reducer()]).catch(() => {}); }, { once: true });
  const take = () => {
    const most = Number(element.dataset.most);
    const isKnown = (file) => chosen.some((other) => other.file.name === file.name && other.file.size === file.size);
    const fresh = Array.from(control.files).filter((file) => !isKnown(file));
    status.textContent = chosen.length + fresh.length > most ? element.dataset.tooMany : "";
    fresh.slice(0, most - chosen.length).forEach((file) => chosen.push(hold(file)));
    show();
    offerPlace();
  };
  control.addEventListener("change", take);
  saving.addEventListener("change", () => chosen.forEach(shrink));
  offer.addEventListener("click", () => {
    const detail = { ...place, words: element.dataset.placeUsed };
    form.dispatchEvent(new CustomEvent("place", { detail }));
    offer.hidden = true;
  });
  photosOf.set(form, async () => {
    if (proves()) await atWork; // they go at once
    const kept = await Promise.all(chosen.map((photo) => photo.kept));
    if (kept.length && kept.every(Boolean)) return proves() ? "before" : "after";
    if (proves()) await Promise.all(chosen.map(async ({ id }) => id && (await shelf()).forget(id))).catch(() => {});
    return "with";
  });
  if (control.files.length) take(); // chosen while this was still on its way, as on a slow line
  form.addEventListener("restored", () => restore().catch(() => {}));
  if ("restore" in element.dataset || "restored" in form.dataset) restore().catch(() => {});

  // After a refused form: nobody chooses a photo twice.
  async function restore() {
    const [{ of }, { withMoment }] = await Promise.all([shelf(), import("../sending/small.js")]);
    for (const { id, name, blob, order, isSmall, moment } of await of(keyOf(form))) {
      const file = new File([await withMoment(blob, moment)], name, { type: blob.type });
      const photo = { id, file, source: blob, order, moment, kept: Promise.resolve(true), isGone: false };
      if (form.elements.uploads) (await import("../sending/ahead.js")).unlist(form, id);
      chosen.push(photo);
      if (!isSmall) shrink(photo);
    }
    if (chosen.length) show();
  }
}
