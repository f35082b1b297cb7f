// The list of who goes out: in walking order from where the phone is.
import { here, isAble, isAllowed, order } from "../field/standing.js";

export async function start(page) {
  const list = page.querySelector(".stops");
  const use = page.querySelector("[data-use]");
  const status = page.querySelector(".stand-status");
  if (!list) return;

  const find = async () => {
    status.textContent = page.dataset.searching;
    try {
      const from = await here();
      order(list, from, page.dataset);
      for (const link of list.querySelectorAll("a[data-outcome]")) {
        const address = new URL(link.href);
        address.searchParams.set("from", from.latitude.toFixed(6) + ", " + from.longitude.toFixed(6));
        link.href = address;
      }
      status.textContent = page.dataset.found;
    } catch {
      status.textContent = page.dataset.failed;
    }
  };
  if (!isAble()) return;
  use.hidden = false;
  use.addEventListener("click", find);
  if (await isAllowed().catch(() => false)) await find();
}
