// What the report form loads: all it starts with in one file, for each further one is a round trip on a slow line.
import { start as counter } from "./behaviours/counter.js";
import { start as drafts } from "./behaviours/drafts.js";
import { start as focus } from "./behaviours/focus.js";
import { start as kept } from "./behaviours/kept.js";
import { start as location } from "./behaviours/location.js";
import { start as map } from "./behaviours/map.js";
import { start as notices } from "./behaviours/notices.js";
import { start as photos } from "./behaviours/photos.js";
import { start as places } from "./behaviours/places.js";
import { start as questions } from "./behaviours/questions.js";
import { start as search } from "./behaviours/search.js";
import { start as sending } from "./behaviours/sending.js";
import { start as suggest } from "./behaviours/suggest.js";
import { ready, startWithin } from "./starting.js";

Object.assign(ready, { counter, drafts, focus, kept, location, map, notices, photos, places, questions, search, sending, suggest });
startWithin(document);

// How it looks when it asks more: loaded as soon as anybody does anything, for until then it asks nothing more.
const form = document.querySelector("[data-sentences]");
const look = () => {
  if (form.dataset.style) document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: form.dataset.style }));
  delete form.dataset.style;
};
for (const act of ["pointerdown", "focusin", "change"]) form.addEventListener(act, look);
