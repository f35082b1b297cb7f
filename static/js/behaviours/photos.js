// Shows the chosen photos small, lets one be taken out again, adds more to them, and offers the first one's place.
// The file control itself always holds exactly what is shown.
import { placeOf } from "../exif.js";

export function start(element) {
  const control = element.querySelector("input[type=file]");
  const status = element.querySelector(".photo-status");
  const offer = element.querySelector("[data-photo-place]");
  const list = element.querySelector(".thumbs");
  const most = Number(element.dataset.most);
  let chosen = [];
  let place = null;
  control.parentElement.classList.add("camera-live");

  const show = () => {
    const transfer = new DataTransfer();
    chosen.forEach((file) => transfer.items.add(file));
    control.files = transfer.files;
    list.replaceChildren(...chosen.map(thumb));
    list.hidden = chosen.length === 0;
  };
  const thumb = (file) => {
    const item = document.createElement("li");
    const image = document.createElement("img");
    const remove = document.createElement("button");
    image.src = URL.createObjectURL(file);
    image.alt = file.name;
    image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
    remove.type = "button";
    remove.textContent = element.dataset.remove;
    remove.addEventListener("click", () => {
      chosen = chosen.filter((other) => other !== file);
      status.textContent = "";
      show();
      offerPlace();
      control.focus();
    });
    item.append(image, remove);
    return item;
  };
  const offerPlace = async () => {
    place = chosen.length ? await placeOf(chosen[0]) : null;
    offer.hidden = !place;
  };

  control.addEventListener("change", () => {
    const isKnown = (file) => chosen.some((other) => other.name === file.name && other.size === file.size);
    const all = chosen.concat(Array.from(control.files).filter((file) => !isKnown(file)));
    status.textContent = all.length > most ? element.dataset.tooMany : "";
    chosen = all.slice(0, most);
    show();
    offerPlace();
  });
  offer.addEventListener("click", () => {
    const detail = { ...place, words: element.dataset.placeUsed };
    control.form.dispatchEvent(new CustomEvent("place", { detail }));
    offer.hidden = true;
  });
}
