// What the map and the place picker share: Leaflet when it is needed, the base map, the pins.
import { said } from "./said.js";

let arriving;

/** Leaflet, asked for once, with its sheet, when the first map comes near the screen. */
export function leaflet(box) {
  arriving ??= new Promise((done, failed) => {
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = box.dataset.leafletCss;
    sheet.addEventListener("load", () => import(box.dataset.leaflet).then(() => done(window.L), failed));
    sheet.addEventListener("error", failed);
    document.head.append(sheet);
  });
  return arriving;
}

/** Runs `start` when the box comes near the screen, or at once in old browsers. */
export function whenNear(box, start) {
  if (!("IntersectionObserver" in window)) return start();
  const watcher = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watcher.disconnect();
      start();
    },
    { rootMargin: "300px" },
  );
  watcher.observe(box);
}

/** A map with its tiles; `onNoTiles` is told once when the base map does not come. */
export function newMap(L, box, canvas, onNoTiles) {
  canvas.replaceChildren();
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(canvas, {
    zoomControl: false,
    scrollWheelZoom: false,
    zoomAnimation: !calm,
    fadeAnimation: !calm,
    markerZoomAnimation: !calm,
  });
  L.control.zoom({ zoomInTitle: said("Rapprocher"), zoomOutTitle: said("Éloigner") }).addTo(map);
  map.attributionControl.setPrefix(false);
  // The wheel scrolls the page until someone works with the map.
  map.on("focus click", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
  if (box.dataset.tiles) {
    const tiles = L.tileLayer(box.dataset.tiles, { maxZoom: 19, attribution: box.dataset.credit });
    let came = false;
    tiles.on("tileload", () => (came = true));
    tiles.once("tileerror", () => came || onNoTiles?.());
    tiles.addTo(map);
  }
  return map;
}

/** A pin drawn in place: no image to fetch, colours from the sheet. */
export function pin(L, tone) {
  return L.divIcon({
    className: `pin ${tone || ""}`,
    iconSize: [44, 44],
    iconAnchor: [22, 40],
    popupAnchor: [0, -36],
    html:
      '<svg width="30" height="36" viewBox="0 0 30 36" aria-hidden="true" focusable="false">' +
      '<path d="M15 1a13 13 0 0 1 13 13c0 8-9 16-13 21C11 30 2 22 2 14A13 13 0 0 1 15 1z"/>' +
      '<circle class="pin-eye" cx="15" cy="14" r="5"/></svg>',
  });
}

/** GeoJSON written in the page or at an address; null when there is none. */
export async function geojson(box, name) {
  const inPage = box.querySelector(`[data-${name}] script`);
  if (inPage) return JSON.parse(inPage.textContent);
  const url = box.dataset[`${name}Url`];
  if (!url) return null;
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return unfolded(await answer.json());
}

/** Points told in short (`[latitude, longitude, id, label, tone]`) as the features they stand for. */
export function unfolded(data) {
  if (!data.points) return data;
  const feature = ([latitude, longitude, id, label, tone]) => ({
    geometry: { type: "Point", coordinates: [longitude, latitude] },
    properties: { id, title: data.labels[label], tone: data.tones[tone], url: `${data.path}${id}/` },
  });
  return { ...data, features: data.points.map(feature) };
}

/** A dot, for what is settled on a crowded map: open things must stand out. */
export function dot(L, tone) {
  return L.divIcon({
    className: `pin dot ${tone || ""}`,
    iconSize: [24, 24],
    html:
      '<svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" focusable="false">' +
      '<circle cx="7" cy="7" r="6"/></svg>',
  });
}

/** Where a map opens when nothing says otherwise: metropolitan France. */
export const FRANCE = [[42.3, -4.8], [51.1, 8.2]];
