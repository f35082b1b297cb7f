// The switch by which a phone that others use too keeps nothing; scripts alone keep anything.
import { isShared, share } from "../sending/shared.js";
import { said, sharing } from "../sending/said.js";
import { ask } from "../sending/store.js";

export async function start(element) {
  const isUnsent = await ask("report", "readonly", (reports) => reports.count()) > 0;
  const turned = async (isOn) => {
    await share(isOn);
    document.dispatchEvent(new CustomEvent("kept"));
  };
  element.append(sharing(await said(), { isOn: isShared(), isUnsent, turned }));
}
