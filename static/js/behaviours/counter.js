// Says how many characters are left once fewer than a tenth are; the server judges.
import { written } from "../numbers.js";

const NEAR = 0.9;

export function start(element) {
  const field = element.querySelector("textarea");
  const most = Number(element.dataset.most);
  const line = document.createElement("p");
  line.className = "hint";
  line.setAttribute("role", "status");
  element.append(line);
  const count = () => {
    // As the server counts: characters, not UTF-16 units, with one for each line break.
    const length = Array.from(field.value.normalize("NFC").trim()).length;
    const sentence = length > most ? element.dataset.over : element.dataset.left;
    line.textContent = length < most * NEAR ? "" : sentence.replace("{count}", written(Math.abs(most - length)));
  };
  field.addEventListener("input", count);
  count();
}
