// The form of a finding, or of the answer to a check. What it holds is in the draft at each stroke.
import { lighten, packed } from "../reports/photos.js";
import { addPhotos, discard, draft, write } from "./foot-draft.js";
import { bytesOf, keep, sweep } from "./foot-outbox.js";
import { changed, checkOf, every, fill, one, open, piece, say, stopName, stopOf, tell, themeName } from "./foot-parts.js";
import { planOf } from "./foot-plan.js";

const PHOTOS = 5;
const FULL = "Ce téléphone n’a plus de place. Retirez une photo, ou libérez de la place, puis recommencez.";
const form = one("[data-form]");
const camera = one("[data-camera]");
const shown = new Map(); // addresses of the pictures shown, by photo
let held; // the draft
let plan;
let waiting; // the timer of a stroke not written yet
let taking = Promise.resolve(); // photos on their way into the draft

const isAnswer = () => held.body.kind === "answer";

// Show the draft; false when there is none.
export async function showForm() {
  held = await draft();
  if (!held) return false;
  // A stop that was taken off the route is no stop any more; its point stays.
  if (held.body.stop && !stopOf(held.body.stop)) held.body.stop = null;
  const { body, again } = held;
  form.reset();
  fault("");
  for (const part of every("[data-only]", form)) part.hidden = part.disabled = part.dataset.only !== body.kind;
  const check = isAnswer() && checkOf(body.check);
  tell(form, {
    heading: isAnswer() ? check?.title || "Point à vérifier" : again ? "Corriger le constat" : "Ajouter un constat",
    where: isAnswer() ? check?.kind || "" : stopName(stopOf(body.stop)),
    warns: (isAnswer() && check?.warns) || "",
  });
  if (isAnswer()) choices("[data-result]", "result", Object.entries(check?.words || {}), body.result);
  else {
    form.elements.theme.replaceChildren(new Option("Choisissez", ""), ...themeOptions());
    form.elements.theme.value = body.theme;
    choices("[data-severity]", "severity", open.record.data.severities, body.severity);
    if (body.strength !== null) form.elements.strength.value = body.strength ? "strong" : "weak";
    plan = planOf(open.record.data, (point) => place(point, "Point touché sur le plan."));
    one("[data-plan]", form).replaceChildren(...(plan ? [plan.node] : []));
    one("[data-back-to-stop]", form).hidden = !stopPoint();
    placeSaid();
    weigh();
  }
  form.elements.note.value = body.note;
  await showPhotos();
  return true;
}

function choices(where, name, pairs, chosen) {
  const nodes = pairs.map(([value, label]) => {
    const node = piece("choice", { label });
    Object.assign(one("input", node), { name, value, checked: String(value) === String(chosen) });
    return node;
  });
  one(where, form).replaceChildren(...nodes);
}

// The themes of this stop's grid first: they are the ones that are looked for.
function themeOptions() {
  const near = [...new Set((stopOf(held.body.stop)?.looks || []).map((look) => look.theme))];
  const others = open.record.data.themes.map(([code]) => code).filter((code) => !near.includes(code));
  const group = (label, codes) => {
    const node = document.createElement("optgroup");
    node.label = label;
    node.append(...codes.map((code) => new Option(themeName(code), code)));
    return node;
  };
  return near.length ? [group("À cet arrêt", near), group("Tous les thèmes", others)] : others.map((code) => new Option(themeName(code), code));
}

// --- Where ------------------------------------------------------------------------------------

function stopPoint() {
  const stop = stopOf(held.body.stop);
  return stop && stop.lat !== null ? { lat: stop.lat, lon: stop.lon } : null;
}

function place(point, words) {
  held.body = { ...held.body, lat: point?.lat ?? null, lon: point?.lon ?? null };
  held.from = words;
  placeSaid();
  save();
}

function placeSaid() {
  const { lat, lon, stop } = held.body;
  const usual = stopPoint() ? "Le lieu de l’arrêt." : stop ? "Cet arrêt n’a pas de point." : "Aucun point choisi.";
  tell(form, { place_said: held.from || usual });
  plan?.mark(lat === null ? null : { lat, lon });
}

one("[data-back-to-stop]", form).addEventListener("click", () => place(stopPoint(), ""));
one("[data-here]", form).addEventListener("click", ({ currentTarget: button }) => {
  const mine = held;
  button.setAttribute("aria-busy", "true");
  tell(form, { place_said: "Nous cherchons où vous êtes…" });
  const end = (act) => {
    button.removeAttribute("aria-busy");
    if (mine === held) act(); // another finding may be open by now
  };
  navigator.geolocation.getCurrentPosition(
    ({ coords: { latitude, longitude, accuracy } }) =>
      end(() => {
        const point = { lat: Number(latitude.toFixed(6)), lon: Number(longitude.toFixed(6)) };
        place(point, `Position reçue, à ${Math.max(5, Math.round(accuracy / 5) * 5)} mètres près.`);
      }),
    () => end(() => tell(form, { place_said: "La position n’est pas arrivée : le lieu reste celui d’avant." })),
    { enableHighAccuracy: true, timeout: 30_000, maximumAge: 15_000 },
  );
});

// --- Photos -----------------------------------------------------------------------------------

async function showPhotos() {
  const nodes = await Promise.all(held.photos.map(photoNode));
  if (!held) return; // closed meanwhile
  fill(one("[data-photos]", form), nodes);
  const left = PHOTOS - held.photos.length;
  one("[data-take]", form).hidden = !left;
  tell(form, { room: left ? `Encore ${left} ${left > 1 ? "photos" : "photo"} au plus. Évitez les visages et les plaques.` : "Cinq photos : c’est le plus possible." });
}

async function photoNode(photo, index) {
  const node = piece("photo", { label: `Photo ${index + 1}` });
  if (!shown.has(photo.uid)) {
    const bytes = await bytesOf(photo.uid);
    if (bytes) shown.set(photo.uid, URL.createObjectURL(new Blob([bytes], { type: photo.type })));
  }
  const image = one("[data-shown]", node);
  if (shown.has(photo.uid)) image.src = shown.get(photo.uid);
  image.alt = `Photo ${index + 1}`;
  const people = one("[data-people]", node);
  people.checked = photo.people;
  people.addEventListener("change", () => {
    held.photos = held.photos.map((one) => (one.uid === photo.uid ? { ...one, people: people.checked } : one));
    save();
  });
  one("[data-drop]", node).addEventListener("click", async () => {
    held.photos = held.photos.filter((one) => one.uid !== photo.uid);
    await save();
    await sweep();
    if (held) await showPhotos();
    say("Photo retirée.");
  });
  return node;
}

camera.addEventListener("change", () => {
  taking = taking.then(take);
});

async function take() {
  if (!camera.files.length) return;
  const mine = held;
  await lighten(camera);
  const chosen = (await packed(camera.files)).slice(0, PHOTOS - mine.photos.length);
  camera.value = "";
  const noted_at = new Date().toISOString();
  const fresh = chosen.map((photo) => ({ ...photo, uid: crypto.randomUUID() }));
  read();
  mine.photos = [
    ...mine.photos,
    ...fresh.map(({ uid, name, type, bytes }) => ({ uid, name, type, size: bytes.byteLength, people: false, noted_at })),
  ];
  try {
    await addPhotos(mine, fresh.map(({ uid, bytes }) => [uid, bytes]));
  } catch {
    mine.photos = mine.photos.filter((photo) => !fresh.some(({ uid }) => uid === photo.uid));
    fault(FULL);
  }
  if (mine === held) await showPhotos();
}

// --- Strokes ----------------------------------------------------------------------------------

function read() {
  const { elements } = form;
  const chosen = (name) => one(`[name=${name}]:checked`, form)?.value;
  held.body = { ...held.body, note: elements.note.value };
  if (isAnswer()) held.body.result = chosen("result") ?? "";
  else {
    const strength = chosen("strength");
    held.body.strength = strength === undefined ? null : strength === "strong";
    held.body.theme = elements.theme.value;
    held.body.severity = held.body.strength === false ? Number(chosen("severity")) || null : null;
  }
}

function save() {
  clearTimeout(waiting);
  waiting = 0;
  return held ? write(held) : undefined;
}

function weigh() {
  one("[data-severities]", form).hidden = held.body.strength !== false;
}

form.addEventListener("input", () => {
  if (!held) return;
  read();
  if (!isAnswer()) weigh();
  clearTimeout(waiting);
  waiting = setTimeout(save, 150);
});
// What was typed last is written before anybody asks what was begun.
export const settled = () => (waiting ? save() : undefined);
addEventListener("pagehide", settled);

function fault(words) {
  const note = one("[data-fault]", form);
  note.hidden = !words;
  tell(note, { fault: words });
  if (words) note.focus();
}

function missing({ strength, theme, severity, result }) {
  if (isAnswer()) return result ? "" : "Dites ce que vous avez vu.";
  if (strength === null) return "Dites si c’est un point fort ou un point faible.";
  if (!strength && !severity) return "Dites combien ça gêne.";
  return theme ? "" : "Choisissez un thème.";
}

const titleOf = ({ theme, result, check }) => {
  if (!isAnswer()) return themeName(theme);
  const asked = checkOf(check);
  return `${asked?.title || "Point à vérifier"} : ${asked?.words[result] || result}`;
};

// A closed form no longer writes: what it held was kept or thrown away.
function close() {
  clearTimeout(waiting);
  waiting = 0;
  held = null;
  form.reset();
  for (const address of shown.values()) URL.revokeObjectURL(address);
  shown.clear();
  history.replaceState(null, "", "#arrets");
  dispatchEvent(new HashChangeEvent("hashchange"));
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = one("button:not([type])", form);
  if (!held || button.hasAttribute("aria-busy")) return;
  await taking;
  read();
  const why = missing(held.body);
  if (why) return fault(why);
  button.setAttribute("aria-busy", "true");
  try {
    clearTimeout(waiting);
    await keep(open.id, held.body, held.photos, titleOf(held.body));
    close();
    say("Gardé sur ce téléphone.");
    changed();
  } catch {
    fault(FULL);
  } finally {
    button.removeAttribute("aria-busy");
  }
});

one("[data-give-up]", form).addEventListener("click", async () => {
  await taking;
  clearTimeout(waiting);
  held = null;
  await discard();
  close();
  changed();
});
