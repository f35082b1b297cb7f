// The sentences that only scripts say about what is kept on this phone, and how it looks; loaded when first needed.
let loading = null;

export function said() {
  loading ??= load(document.querySelector("[data-behaviour~=kept]").dataset.from);
  loading.catch(() => { loading = null; });
  return loading;
}

async function load(from) {
  const answer = await fetch(from);
  if (!answer.ok) throw new Error(from);
  const words = await answer.json();
  const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: words.style });
  document.head.append(style);
  return words;
}

export function element(tag, text = "", values = {}) {
  const made = Object.assign(document.createElement(tag), values);
  made.textContent = text;
  return made;
}

export function button(words, press, kind = "button-quiet") {
  const made = element("button", words, { type: "button", className: "button " + kind });
  made.addEventListener("click", press);
  return made;
}

// The switch by which a phone that others use too keeps nothing.
export function sharing(words, { isOn, isUnsent, turned }) {
  const line = element("label", "", { className: "choice" });
  const box = element("input", "", { type: "checkbox", checked: isOn });
  box.addEventListener("change", async () => {
    if (box.checked && isUnsent && !confirm(words.sureShared)) box.checked = false;
    else await turned(box.checked);
  });
  line.append(box, " " + words.shared);
  return line;
}
