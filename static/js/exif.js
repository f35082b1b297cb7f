// Reads the place a photo was taken at from its EXIF, on this device only; nothing is sent anywhere.
// JPEG (ISO/IEC 10918-1) with an APP1 Exif segment (CIPA DC-008); anything else has no place.
const MOST_BYTES = 128 * 1024;
const APP1 = 0xffe1;
const START_OF_SCAN = 0xffda;
const GPS_FOLDER = 0x8825;
const EXIF_FOLDER = 0x8769;
const TAKEN = 0x9003;
const ZONE = 0x9011;

// placeOf(file) → { latitude, longitude } in degrees WGS84, or null.
export async function placeOf(file) {
  try {
    const view = new DataView(await file.slice(0, MOST_BYTES).arrayBuffer());
    const tiff = startOfTiff(view);
    return tiff ? place(view, tiff) : null;
  } catch (error) {
    return null; // cut short or malformed: no place
  }
}

// momentOf(file) → when it was taken, as its EXIF writes it: { taken: "YYYY:MM:DD HH:MM:SS", zone: "+HH:MM" or "" }, or null.
export async function momentOf(file) {
  try {
    const view = new DataView(await file.slice(0, MOST_BYTES).arrayBuffer());
    const tiff = startOfTiff(view);
    return tiff ? moment(view, tiff) : null;
  } catch (error) {
    return null;
  }
}

// takenAt(file) → the moment it was taken, in milliseconds since 1970, or null; without a zone, in this device's.
export async function takenAt(file) {
  const { taken, zone } = await momentOf(file) || {};
  if (!taken) return null;
  const [day, time] = taken.split(" ");
  return new Date(day.replaceAll(":", "-") + "T" + time + zone).getTime() || null;
}

function moment(view, tiff) {
  const little = view.getUint16(tiff) === 0x4949;
  const first = folder(view, tiff, view.getUint32(tiff + 4, little), little);
  const exif = folder(view, tiff, view.getUint32(first[EXIF_FOLDER], little), little);
  const taken = text(view, tiff, exif[TAKEN], 19, little);
  const zone = ZONE in exif ? text(view, tiff, exif[ZONE], 6, little) : "";
  if (!/^\d{4}:\d\d:\d\d \d\d:\d\d:\d\d$/.test(taken)) return null;
  return { taken, zone: /^[+-]\d\d:\d\d$/.test(zone) ? zone : "" };
}

function text(view, tiff, at, length, little) {
  const start = tiff + view.getUint32(at, little);
  return Array.from({ length }, (_, n) => String.fromCharCode(view.getUint8(start + n))).join("");
}

function startOfTiff(view) {
  if (view.getUint16(0) !== 0xffd8) return 0;
  for (let at = 2; view.getUint16(at) !== START_OF_SCAN; at += 2 + view.getUint16(at + 2)) {
    if (view.getUint16(at) === APP1 && view.getUint32(at + 4) === 0x45786966) return at + 10;
  }
  return 0;
}

function place(view, tiff) {
  const little = view.getUint16(tiff) === 0x4949;
  const first = folder(view, tiff, view.getUint32(tiff + 4, little), little);
  if (!(GPS_FOLDER in first)) return null;
  const gps = folder(view, tiff, view.getUint32(first[GPS_FOLDER], little), little);
  const latitude = degrees(view, tiff, gps[2], little) * sign(view, gps[1], "S");
  const longitude = degrees(view, tiff, gps[4], little) * sign(view, gps[3], "W");
  const exists = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && (latitude || longitude);
  return exists ? { latitude, longitude } : null;
}

// The addresses of a folder's values, by tag.
function folder(view, tiff, offset, little) {
  const start = tiff + offset;
  const values = {};
  for (let n = 0; n < view.getUint16(start, little); n += 1) {
    const entry = start + 2 + 12 * n;
    values[view.getUint16(entry, little)] = entry + 8;
  }
  return values;
}

function degrees(view, tiff, at, little) {
  const start = tiff + view.getUint32(at, little);
  const part = (n) => view.getUint32(start + 8 * n, little) / view.getUint32(start + 8 * n + 4, little);
  return part(0) + part(1) / 60 + part(2) / 3600;
}

function sign(view, at, negative) {
  return String.fromCharCode(view.getUint8(at)) === negative ? -1 : 1;
}
