// Copies or shares the private link where the browser can; its text stands there to be copied by hand.
export function start(element) {
  const link = element.dataset.link;
  const copy = element.querySelector("[data-copy]");
  const share = element.querySelector("[data-share]");
  const status = element.querySelector("[role=status]");
  if (navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(link);
      status.textContent = element.dataset.copied;
    });
  }
  if (navigator.share) {
    share.hidden = false;
    // Refused by the person: nothing to say.
    share.addEventListener("click", () => navigator.share({ title: document.title, url: link }).catch(() => {}));
  }
}
