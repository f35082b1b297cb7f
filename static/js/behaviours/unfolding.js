// Fetches what a fold leads to when it is opened, and shows it there; without scripts, or a network, its link stays.
export function start(fold) {
  fold.addEventListener("toggle", async () => {
    const link = fold.querySelector("a[data-fetched]");
    if (!fold.open || !link || fold.ariaBusy === "true") return;
    fold.ariaBusy = "true";
    const part = await fetched(link.href).catch(() => null);
    fold.ariaBusy = null;
    if (!part) return;
    const hadFocus = fold.contains(document.activeElement);
    link.parentElement.replaceWith(part);
    const first = part.querySelector("a");
    if (hadFocus && first) first.focus();
  });
}

async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok || answer.redirected) throw new Error(answer.status); // signed out: the link says so
  return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-part]");
}
