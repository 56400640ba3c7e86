// A map of too many things to show each: the whole city as numbers, and each thing from near.

import { said } from "./said.js";
import { unfolded } from "./basemap.js";

const STREET = 15; // the zoom from which things are shown one by one
const CROWD = 40;

async function answer(url, more) {
  const asked = new URL(url, location.href);
  for (const [name, value] of Object.entries(more)) asked.searchParams.set(name, value);
  const found = await fetch(asked, { headers: { Accept: "application/json" } });
  if (!found.ok) throw new Error(`${asked}: ${found.status}`);
  return unfolded(await found.json());
}

function number(L, count, open) {
  const size = Math.round(Math.min(64, 34 + 7 * Math.log10(count)));
  return L.divIcon({ className: `bubble ${open ? "soon" : "done"}`, iconSize: [size, size], html: `<span>${count}</span>` });
}

function cell(L, map, [latitude, longitude, count, open], keyboard) {
  const words = said("Signalements : {count}, dont en cours : {open}. Se rapprocher.", { count, open });
  const marker = L.marker([latitude, longitude], { icon: number(L, count, open), keyboard, title: words, zIndexOffset: count });
  marker.on("add", () => {
    if (keyboard) marker.getElement().setAttribute("aria-label", words);
    else marker.getElement().setAttribute("aria-hidden", "true");
  });
  // From a number one comes near enough to see what it is made of.
  const approach = () => map.setView([latitude, longitude], Math.min(STREET + 1, map.getZoom() + 2));
  marker.on("click", approach);
  marker.on("keydown", ({ originalEvent }) => {
    if (!["Enter", " "].includes(originalEvent.key)) return;
    originalEvent.preventDefault();
    map.getContainer().focus(); // the number goes away: one goes on from the map
    approach();
  });
  return marker;
}

/** Numbers from afar, `show(features)` from near; what the map cannot show is said by `say`. */
export async function crowd(L, map, url, { show, say, hush }) {
  const numbers = L.layerGroup().addTo(map);
  let turn = 0;
  let level = null;

  async function look(first) {
    const zoom = map.getZoom();
    const near = zoom >= STREET;
    if (!near && zoom === level) return;
    level = near ? null : zoom;
    const mine = ++turn;
    const box = map.getBounds().pad(0.1).toBBoxString();
    const found = await answer(url, near ? { box } : { vue: "ville", zoom });
    if (mine !== turn) return; // one has moved on meanwhile
    numbers.clearLayers();
    show(near ? found.features : []);
    if (found.note) say(found.note);
    else hush();
    if (near) return;
    for (const one of found.cells) numbers.addLayer(cell(L, map, one, found.cells.length <= CROWD));
    if (first && found.cells.length) {
      const places = found.cells.map(([latitude, longitude]) => [latitude, longitude]);
      map.fitBounds(places, { padding: [48, 48], maxZoom: 13 });
    }
  }

  await look(true);
  map.on("moveend", () => look(false).catch(() => say(said("La carte n’a pas pu suivre. La liste est complète."))));
  if (map.getZoom() !== level) await look(false);
}
