// What the parts of the page on foot share: the walk that is open, pieces of the page, words.
export const open = { id: 0, page: "", record: null, stop: null }; // `stop`: its id, or null on the way

export const one = (selector, inside = document) => inside.querySelector(selector);
export const every = (selector, inside = document) => [...inside.querySelectorAll(selector)];

// Put words in the places that bear these names.
export function tell(node, words) {
  for (const [name, text] of Object.entries(words)) {
    for (const place of every(`[data-w="${name}"]`, node)) {
      place.textContent = text;
      place.hidden = !text;
    }
  }
  return node;
}

// A piece of the page from its template, with its words.
export function piece(name, words = {}) {
  const node = one(`template[data-piece="${name}"]`).content.firstElementChild.cloneNode(true);
  if (node.dataset.w in words) node.textContent = words[node.dataset.w];
  return tell(node, words);
}

// Said to screen readers, once.
export function say(words) {
  one("[data-said]").textContent = words;
}

// Fill a list, and hide its section when there is nothing in it.
export function fill(list, nodes) {
  const held = list.contains(document.activeElement);
  list.replaceChildren(...nodes);
  const section = list.closest("[data-part]");
  if (section) section.hidden = !nodes.length;
  if (held) one("[data-view]:not([hidden]) :is(h1, h2)")?.focus();
}

const NOUNS = {
  observation: ["constat", "constats"],
  answer: ["vérification", "vérifications"],
  presence: ["présence", "présences"],
  photo: ["photo", "photos"],
};
const counted = (number, kind) => `${number} ${NOUNS[kind][number > 1 ? 1 : 0]}`;

// « 3 constats, 1 photo »; nothing for nothing.
export function enumerate({ items, photos }) {
  const numbers = Object.keys(NOUNS).map((kind) => [
    kind === "photo" ? photos.length : items.filter((item) => item.body.kind === kind).length,
    kind,
  ]);
  return numbers.filter(([number]) => number).map((pair) => counted(...pair)).join(", ");
}

export const stops = () => open.record.data.stops;
export const stopOf = (id) => stops().find((stop) => stop.id === id) || null;
export const stopName = (stop) => (stop ? `${stop.number}. ${stop.title}` : "En chemin");
export const themeName = (code) => open.record.data.themes.find(([one]) => one === code)?.[1] || code;
export const checkOf = (id) => stops().flatMap((stop) => stop.checks).find((check) => check.id === id);

// The parts tell each other that something was noted, sent or refused.
export const changed = () => document.dispatchEvent(new Event("noted"));

// The way to sign in, which comes back here: asked of the network, that knows what is due.
export const signIn = () => `${open.page}?connexion`;
