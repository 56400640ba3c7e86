// Photos on their way: made lighter, then held as plain bytes, which every browser stores safely.
const SIDE = 2000; // pixels
const LIGHT = 1_500_000; // bytes

async function lighter(file) {
  if (!/^image\/(jpeg|png|webp|heic|heif)$/.test(file.type) || file.size < LIGHT) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" });
  } catch {
    return file; // the server cleans it all the same
  }
}

// Put these files in the field, as if the person had chosen them.
export function choose(input, files) {
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  input.files = transfer.files;
}

export async function lighten(input) {
  choose(input, await Promise.all([...input.files].map(lighter)));
}

export const packed = (files) =>
  Promise.all([...files].map(async (file) => ({ name: file.name, type: file.type, bytes: await file.arrayBuffer() })));

export const unpacked = (photos) => photos.map(({ name, type, bytes }) => new File([bytes], name, { type }));
