// Makes a photo small enough for people who pay for every byte: upright, without metadata, on white.
// The first of the sizes that stays within the bytes is taken, else the last one.
const NORMAL = { bytes: 180000, sizes: [[1280, 0.8], [1280, 0.7], [1280, 0.6], [1280, 0.5]] };
const SAVING = { bytes: 60000, sizes: [[1024, 0.6], [800, 0.6], [800, 0.45], [640, 0.4], [480, 0.4], [320, 0.3]] };

// shrunk(file, saveData) → a JPEG, or the file itself where this browser cannot read it or makes it no smaller.
export async function shrunk(file, saveData) {
  const wanted = saveData ? SAVING : NORMAL;
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch (error) {
    return file; // HEIC, or no photo at all: the city's own reader judges
  }
  let canvas = null;
  let made = null;
  for (const [side, quality] of wanted.sizes) {
    if (canvas === null || Math.max(canvas.width, canvas.height) > side) canvas = drawn(picture, side);
    made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    if (made && made.size <= wanted.bytes) break;
  }
  picture.close();
  return made && made.size < file.size ? made : file;
}

function drawn(picture, side) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext("2d", { alpha: false });
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}
