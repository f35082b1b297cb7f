// Says at once, under the words, whom to call in danger and which office decides a matter; sending stays possible.
import { areIn, wordsFrom } from "../words.js";

export function start(element) {
  const form = element.closest("form");
  const field = form.elements.words;
  const panel = document.createElement("div");
  panel.setAttribute("role", "status");
  panel.className = "stack";
  field.closest(".card").after(panel);
  const seen = document.createElement("input");
  seen.type = "hidden";
  seen.name = "sure";
  seen.value = "yes";
  let told = "";

  const show = async () => {
    const typed = field.value + " " + form.elements.landmark.value;
    const chosen = form.querySelector("input[name=category]:checked");
    if (!chosen && !typed.trim()) return;
    const words = await wordsFrom(element.dataset.from);
    const isMeant = (one) => one.categories.includes(chosen && chosen.value) || areIn(one.words, typed);
    const isEmergency = isMeant(words.emergency);
    const offices = words.elsewhere.filter(isMeant);
    const state = isEmergency + offices.map((office) => office.name).join();
    if (state === told) return;
    told = state;
    const cards = offices.map((office) => card(element.dataset.elsewhere, [office]));
    panel.replaceChildren(...(isEmergency ? [danger(element)] : []), ...cards);
    if (cards.length || isEmergency) form.append(seen);
    else seen.remove();
  };
  const tell = () => show().catch(() => {});
  form.addEventListener("change", tell);
  field.addEventListener("input", tell);
  tell();
}

function danger(element) {
  const made = card(element.dataset.danger, []);
  const numbers = element.querySelector("ul").cloneNode(true);
  numbers.className = "call";
  made.append(numbers);
  return made;
}

function card(title, offices) {
  const made = document.createElement("section");
  made.className = "card before-sending";
  made.append(text("h2", title));
  for (const { name, text: words, phone, link } of offices) {
    made.append(text("h3", name), text("p", words));
    if (phone) made.append(anchor("tel:" + phone, phone));
    if (link) made.append(anchor(link, link));
  }
  return made;
}

function text(tag, words) {
  const made = document.createElement(tag);
  made.textContent = words;
  return made;
}

function anchor(address, words) {
  const line = document.createElement("p");
  const made = text("a", words);
  made.href = address;
  made.rel = "noreferrer";
  line.append(made);
  return line;
}
