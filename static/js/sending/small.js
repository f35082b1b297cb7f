// A photo of the shelf as it leaves the phone: small, and with nothing of its EXIF but, where that is asked, its moment.
import { momentOf } from "../exif.js";
import { keep } from "./shelf.js";
import { shrunk } from "./shrink.js";

const TYPE = { text: 2, address: 4 };
const EXIF_FOLDER = 0x8769;
const TAKEN = 0x9003;
const ZONE = 0x9011;
const FIRST = 8; // where the first folder stands; the second follows it

// Kept before it is sent: a page that is opened again must send the very same bytes.
export async function smallOf(photo) {
  if (photo.isSmall) return photo.blob;
  const blob = await shrunk(photo.blob, photo.saveData);
  await keep({ ...photo, blob, isSmall: true });
  return blob;
}

// withMoment(blob, { taken, zone }) → the JPEG with an EXIF segment (CIPA DC-008) that says when it was taken and no
// more. What is no JPEG, or says so itself, stays as it is.
export async function withMoment(blob, moment) {
  const start = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  if (!moment || start[0] !== 0xff || start[1] !== 0xd8 || await momentOf(blob)) return blob;
  return new Blob([blob.slice(0, 2), segment(moment), blob.slice(2)], { type: blob.type });
}

function segment({ taken, zone }) {
  const fields = zone ? [[TAKEN, taken], [ZONE, zone]] : [[TAKEN, taken]];
  const second = FIRST + 18;
  const texts = second + 6 + 12 * fields.length;
  const length = texts + fields.reduce((all, [, text]) => all + text.length + 1, 0);
  const view = new DataView(new ArrayBuffer(10 + length));
  ascii(view, 4, "Exif");
  view.setUint16(0, 0xffe1);
  view.setUint16(2, 8 + length);
  const tiff = new DataView(view.buffer, 10);
  ascii(tiff, 0, "MM");
  tiff.setUint16(2, 42);
  tiff.setUint32(4, FIRST);
  tiff.setUint16(FIRST, 1);
  entry(tiff, FIRST + 2, [EXIF_FOLDER, TYPE.address, 1, second]);
  tiff.setUint16(second, fields.length);
  let at = texts;
  fields.forEach(([tag, text], number) => {
    entry(tiff, second + 2 + 12 * number, [tag, TYPE.text, text.length + 1, at]);
    ascii(tiff, at, text);
    at += text.length + 1;
  });
  return view;
}

function entry(tiff, at, [tag, type, count, value]) {
  tiff.setUint16(at, tag);
  tiff.setUint16(at + 2, type);
  tiff.setUint32(at + 4, count);
  tiff.setUint32(at + 8, value);
}

function ascii(view, at, text) {
  Array.from(text).forEach((sign, number) => view.setUint8(at + number, sign.charCodeAt(0)));
}
