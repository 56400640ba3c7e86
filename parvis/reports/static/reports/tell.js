// Step 3: what is typed stays in this browser until it is sent; photos are made lighter before they
// leave. Contact and dwelling are never kept here: a phone may be shared.
const FORGOTTEN = 24 * 3600 * 1000; // milliseconds
const SIDE = 2000; // pixels
const PRIVATE = new Set(["email", "phone", "dwelling", "csrfmiddlewaretoken", "form_id", "website", "kept", "drop"]);

const form = document.querySelector("[data-tell]");
const key = `parvis:tell:${form.dataset.tell}`;

function store(action) {
  try {
    return action(window.localStorage);
  } catch {
    return null; // private browsing
  }
}

function fields() {
  return [...form.elements].filter((one) => one.name && one.type !== "file" && one.type !== "hidden" && !PRIVATE.has(one.name));
}

function save() {
  const values = {};
  for (const one of fields()) {
    if (one.type === "radio") {
      if (one.checked) values[one.name] = one.value;
    } else if (one.value) values[one.name] = one.value;
  }
  store((box) => box.setItem(key, JSON.stringify({ at: Date.now(), values })));
}

function restore() {
  const kept = store((box) => JSON.parse(box.getItem(key)));
  if (!kept || Date.now() - kept.at > FORGOTTEN) return;
  for (const one of fields()) {
    const value = kept.values[one.name];
    if (value === undefined) continue;
    if (one.type === "radio") one.checked = one.checked || (one.value === value && !form.querySelector(`[name="${one.name}"]:checked`));
    else if (!one.value) one.value = value;
  }
}

async function lighter(file) {
  if (!/^image\/(jpeg|png|webp|heic|heif)$/.test(file.type) || file.size < 1_500_000) return file;
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

const input = form.querySelector("input[type=file]");
const send = form.querySelector("[data-send]");
let working = Promise.resolve();

input?.addEventListener("change", () => {
  working = (async () => {
    const light = await Promise.all([...input.files].map(lighter));
    const transfer = new DataTransfer();
    for (const file of light) transfer.items.add(file);
    input.files = transfer.files;
  })();
});

let ready = false;
form.addEventListener("submit", (event) => {
  if (ready) {
    if (send.hasAttribute("aria-busy")) event.preventDefault();
    send.setAttribute("aria-busy", "true");
    return;
  }
  event.preventDefault();
  // A form does not submit again while its submit event is still being handled: wait a turn.
  working.finally(() => setTimeout(() => {
    ready = true;
    form.requestSubmit(send);
  }));
});
window.addEventListener("pageshow", () => {
  ready = false;
  send.removeAttribute("aria-busy");
});

form.addEventListener("input", save);
restore();
