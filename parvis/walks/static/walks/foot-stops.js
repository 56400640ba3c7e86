// One stop at a time: what is to be checked, what is to be looked at, what was noted there.
import { begin, discard, draft, exists, write } from "./foot-draft.js";
import { bytesOf, correctable, drop, hold, noted } from "./foot-outbox.js";
import { changed, checkOf, every, fill, one, open, piece, say, stopName, stopOf, stops, tell } from "./foot-parts.js";
import { remember } from "./foot-sending.js";

const view = one("[data-view=stop]");
const STATES = {
  waiting: "Attend d’être envoyé",
  tried: "En cours d’envoi : ne se corrige plus",
  received: "Reçu",
  refused: "Refusé",
  held: "En cours de correction",
};
const LIGHT = { strength: "Point fort", weakness: "Point faible" };

export function showStop() {
  const stop = stopOf(open.stop);
  const number = stops().indexOf(stop);
  tell(view, {
    stop: stopName(stop),
    stop_kind: stop ? stop.kind : "Entre deux arrêts : le constat n’est rattaché à aucun.",
    stop_note: stop?.note || "",
  });
  tell(view, { purpose: open.record.data.walk.purpose });
  one("[data-part=purpose]", view).hidden = !open.record.data.walk.purpose;
  fill(one("[data-checks]", view), (stop?.checks || []).map(checkNode));
  fill(one("[data-looks]", view), (stop?.looks || []).map(lookNode));
  const choose = one("[data-go]", view);
  choose.replaceChildren(...stops().map((each) => new Option(stopName(each), each.id)), new Option("En chemin (sans arrêt)", ""));
  choose.value = stop ? stop.id : "";
  for (const button of every("[data-turn]", view)) button.disabled = !stops()[turned(number, Number(button.dataset.turn))];
  showPictures();
  return showNoted();
}

// What is looked at again, as it was.
async function showPictures() {
  for (const node of every("[data-checks] > li", view)) {
    const address = checkOf(Number(node.dataset.check))?.photo;
    const bytes = address && (await bytesOf(address));
    const image = one("[data-before]", node);
    if (!bytes || image.src) continue;
    const shown = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
    image.addEventListener("load", () => URL.revokeObjectURL(shown), { once: true });
    image.src = shown;
    image.closest("figure").hidden = false;
  }
}
document.addEventListener("pictured", () => open.record && showPictures());

// From nowhere in particular, the next stop is the first one.
const turned = (number, step) => (number < 0 ? (step > 0 ? 0 : -1) : number + step);

const title = ({ body, title }) =>
  body.kind === "observation" ? `${body.strength ? LIGHT.strength : LIGHT.weakness} · ${title}` : title;

const stateOf = (item) => (item.held ? "held" : item.state === "waiting" && item.tried ? "tried" : item.state);

// A line about something noted, with what may still be done to it.
export function notedNode(item, photos) {
  const mine = photos.filter((photo) => photo.of === item.uid);
  const pictures = mine.length ? ` · ${mine.length} ${mine.length > 1 ? "photos" : "photo"}` : "";
  const left = item.state === "received" && mine.some((photo) => photo.state !== "received");
  const state = item.why ? `Refusé : ${item.why}` : left ? "Reçu ; ses photos attendent" : STATES[stateOf(item)];
  const node = piece("noted", {
    title: title(item),
    note: item.body.note ? ` – ${item.body.note}` : "",
    state: state + pictures,
    what: ` : ${title(item)}`,
  });
  one("[data-acts]", node).hidden = !correctable(item) || item.held;
  one("[data-correct]", node).hidden = item.body.kind === "presence";
  one("[data-correct]", node).addEventListener("click", async () => {
    if (await hold(item.uid)) location.hash = "#noter";
    else {
      say((await exists()) ? "Finissez d’abord le constat commencé." : "Déjà envoyé : il ne se corrige plus ici.");
      changed();
    }
  });
  one("[data-drop]", node).addEventListener("click", async () => {
    say((await drop(item.uid)) ? "Retiré." : "Déjà envoyé : il ne se retire plus ici.");
    changed();
  });
  return node;
}

export async function showNoted() {
  const { items, photos } = await noted(open.id);
  const here = items.filter(({ body }) => {
    if (body.kind === "observation") return body.stop === open.stop;
    return body.kind === "answer" && stopOf(open.stop)?.checks.some((check) => check.id === body.check);
  });
  fill(one("[data-noted]", view), here.reverse().map((item) => notedNode(item, photos)));
  for (const node of every("[data-checks] > li", view)) {
    const last = here.find(({ body }) => body.check === Number(node.dataset.check));
    tell(node, { said: last ? `Noté : ${checkOf(last.body.check).words[last.body.result]}` : "" });
  }
}

function lookNode(look) {
  const node = piece("look", { label: look.label });
  one("button", node).addEventListener("click", () => add(look.theme));
  return node;
}

function checkNode(check) {
  const node = piece("check", { title: check.title, kind: check.kind, said: "" });
  node.dataset.check = check.id;
  const group = one("[data-words]", node);
  group.setAttribute("aria-label", check.title);
  for (const [result, label] of Object.entries(check.words)) {
    const button = piece("word", { label });
    button.addEventListener("click", () => answer(check, result));
    group.append(button);
  }
  return node;
}

// What was begun comes first: it is never thrown away by a touch.
async function go(body) {
  if (await exists()) say("Un constat commencé est gardé : finissez-le d’abord.");
  else {
    await discard();
    await begin({ uid: crypto.randomUUID(), noted_at: new Date().toISOString(), note: "", ...body }, "");
  }
  location.hash = "#noter";
}

function add(theme = "") {
  const stop = stopOf(open.stop);
  const body = { kind: "observation", stop: open.stop, theme, strength: null, severity: null };
  return go({ ...body, lat: stop?.lat ?? null, lon: stop?.lon ?? null });
}

// An answer that has not left is corrected, not doubled.
async function answer(check, result) {
  const { items } = await noted(open.id);
  const before = items.find(({ body, tried, state }) => body.check === check.id && state === "waiting" && !tried);
  if (before && (await hold(before.uid))) {
    const held = await draft();
    await write({ ...held, body: { ...held.body, result } });
    location.hash = "#noter";
    return;
  }
  await go({ kind: "answer", check: check.id, result });
}

export const moveTo = (id) => {
  open.stop = id;
  location.hash = id === null ? "#en-chemin" : `#arret-${id}`;
  return remember(open.id, id);
};

one("[data-add]", view).addEventListener("click", () => add());
one("[data-go]", view).addEventListener("change", ({ target }) => moveTo(target.value ? Number(target.value) : null));
for (const button of every("[data-turn]", view)) {
  button.addEventListener("click", () => {
    const next = stops()[turned(stops().indexOf(stopOf(open.stop)), Number(button.dataset.turn))];
    if (next) moveTo(next.id);
  });
}
