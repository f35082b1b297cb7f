// Looks up the place that is typed beside this button, when it is tapped and not before, and offers what is found.
export function start(button) {
  const form = button.closest("form");
  const around = button.closest("fieldset");
  const list = button.nextElementSibling;
  const { landmark, area, coordinates } = form.elements;
  const forget = () => { list.querySelectorAll("input").forEach((choice) => { choice.checked = false; }); };
  const announce = (detail) => form.dispatchEvent(new CustomEvent("place", { detail: { ...detail, source: "search" } }));

  button.addEventListener("click", async (event) => {
    event.preventDefault();
    if (!landmark.value.trim()) return landmark.focus();
    button.setAttribute("aria-busy", "true");
    try {
      list.replaceChildren(...await load(button.dataset.from, { q: landmark.value, area: area.value }));
    } catch {
      around.querySelector(".place-status").textContent = around.dataset.failed;
    }
    button.removeAttribute("aria-busy");
  });
  list.addEventListener("change", ({ target }) => {
    const [latitude, longitude] = target.value.split(",");
    if (longitude) return announce({ latitude: Number(latitude), longitude: Number(longitude) });
    announce({ latitude: null, longitude: null });
    area.value = target.value.slice(target.value.indexOf(":") + 1);
  });
  form.addEventListener("place", ({ detail }) => { if (detail.source !== "search") forget(); });
  coordinates.addEventListener("change", forget);
}

async function load(from, asked) {
  const address = new URL(from, location);
  Object.entries(asked).forEach(([name, value]) => address.searchParams.set(name, value));
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.status);
  const { html } = await answer.json();
  return Array.from(new DOMParser().parseFromString(html, "text/html").body.children);
}
