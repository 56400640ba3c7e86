// The one report begun and not sent, kept on this device for a week: the page it was on (which tells
// place and subject), words, answers and photos. Never contact, dwelling nor plate: a device may be shared.
import { packed, unpacked } from "./photos.js";
import { get, put, remove } from "./store.js";

const WEEK = 7 * 24 * 3600 * 1000; // milliseconds
const KEY = "parvis:report";
const HERE = "parvis:report-here";
const PRIVATE = new Set(["email", "phone", "dwelling", "plate", "website", "drop"]);

function box(act) {
  try {
    return act();
  } catch {
    return null; // private browsing
  }
}

export const fields = (form) =>
  [...form.elements].filter((one) => one.name && !["file", "hidden", "submit"].includes(one.type) && !PRIVATE.has(one.name));

export function values(form) {
  const found = {};
  for (const one of fields(form)) {
    if (one.type === "radio" ? one.checked && one.value : one.value) found[one.name] = one.value;
  }
  return found;
}

export function read() {
  const kept = box(() => JSON.parse(localStorage.getItem(KEY)));
  if (!kept) return null;
  if (Date.now() - kept.at < WEEK) return kept;
  forget();
  return null;
}

// `photos` is how many there are; what was kept of another page goes.
export function keep(page, title, words, photos) {
  box(() => localStorage.setItem(KEY, JSON.stringify({ at: Date.now(), page, title, values: words, photos })));
  box(() => sessionStorage.setItem(HERE, page));
}

// Whether it was begun in this very tab: then it comes back without a question.
export const begunHere = (page) => box(() => sessionStorage.getItem(HERE)) === page;

export async function keepPhotos(files) {
  await put("unfinished", { at: Date.now(), photos: await packed(files) }, "photos").catch(() => {});
}

export async function photos() {
  const kept = await get("unfinished", "photos").catch(() => null);
  return kept ? unpacked(kept.photos) : [];
}

export function restore(form, words) {
  for (const one of fields(form)) {
    const value = words[one.name];
    if (value === undefined) continue;
    if (one.type === "radio") one.checked ||= one.value === value && !form.querySelector(`[name="${one.name}"]:checked`);
    else one.value ||= value;
  }
}

export async function forget() {
  box(() => {
    localStorage.removeItem(KEY);
    sessionStorage.removeItem(HERE);
  });
  await remove("unfinished", "photos").catch(() => {});
}
