// Drawing the way of a walk point by point: by a tap, or by keyboard at the centre of the map. What is
// drawn is written as GeoJSON in the field below, which stays the only thing that is sent.
import { FRANCE, dot, geojson, leaflet, newMap, whenNear } from "../ui/basemap.js";

const CORNERS = 100; // a finer way is not one that a hand draws: it is shown, and drawn anew

function wayOf(text) {
  try {
    const given = JSON.parse(text);
    const shape = given.type === "Feature" ? given.geometry : given;
    return shape.type === "LineString" ? shape.coordinates.map(([lng, lat]) => ({ lat, lng })) : null;
  } catch {
    return null;
  }
}

function words(count) {
  if (!count) return "Touchez la carte pour poser le départ.";
  if (count === 1) return "1 point posé. Il en faut deux au moins.";
  return `${count} points posés. Déplacez un point pour corriger le chemin, puis enregistrez.`;
}

function inPage(box, name) {
  return JSON.parse(box.querySelector(`[data-${name}] script`).textContent);
}

async function open(box) {
  const field = box.closest("form").elements.route_text;
  const status = box.querySelector("[data-status]");
  const canvas = box.querySelector("[data-canvas]");
  const [place, back, clear, join] = ["place", "back", "clear", "join"].map((name) => box.querySelector(`[data-${name}]`));
  const stops = inPage(box, "marks");
  box.querySelector("[data-needs-script]").hidden = false;
  for (const button of [place, back, clear, join]) if (button) button.disabled = true;

  whenNear(canvas, async () => {
    let L, outlines;
    try {
      [L, outlines] = await Promise.all([leaflet(box), geojson(box, "outlines")]);
    } catch {
      box.querySelector("[data-needs-script]").hidden = true;
      status.textContent = "La carte n’a pas pu s’afficher. Collez le parcours ou envoyez son fichier.";
      return;
    }
    const map = newMap(L, box, canvas);
    const bounds = L.latLngBounds([]);
    for (const feature of outlines?.features || []) {
      bounds.extend(L.geoJSON(feature, { interactive: false, style: { className: "outline backdrop" } }).addTo(map).getBounds());
    }
    let corners = [];

    function tell() {
      const way = corners.map((corner) => corner.getLatLng());
      line.setLatLngs(way);
      const pairs = way.map(({ lat, lng }) => [Number(lng.toFixed(6)), Number(lat.toFixed(6))]);
      field.value = pairs.length < 2 ? "" : JSON.stringify({ type: "LineString", coordinates: pairs });
      back.disabled = clear.disabled = !corners.length;
      status.textContent = words(corners.length);
    }

    function add(point, quiet) {
      const icon = L.divIcon({ className: "corner", iconSize: [28, 28] });
      const corner = L.marker(point, { icon, draggable: true, keyboard: true }).addTo(map);
      corners.push(corner);
      corner.getElement().setAttribute("aria-label", `Point ${corners.length} du chemin. Suppr pour l’enlever.`);
      corner.on("drag dragend", tell);
      corner.on("keydown", ({ originalEvent }) => {
        if (!["Delete", "Backspace"].includes(originalEvent.key)) return;
        originalEvent.preventDefault();
        drop(corner);
        canvas.focus();
      });
      if (!quiet) tell();
    }

    function drop(corner) {
      corner.remove();
      corners = corners.filter((one) => one !== corner);
      corners.forEach((one, place) => one.getElement().setAttribute("aria-label", `Point ${place + 1} du chemin. Suppr pour l’enlever.`));
      tell();
    }

    function empty() {
      for (const corner of corners) corner.remove();
      corners = [];
    }

    // A map without a view draws nothing: it is placed before the points.
    const drawn = wayOf(field.value);
    const near = L.latLngBounds([...(drawn || []), ...stops.map((one) => ({ lat: one.lat, lng: one.lon }))]);
    map.fitBounds(near.isValid() ? near.pad(0.2) : bounds.isValid() ? bounds : FRANCE, { maxZoom: 18 });
    for (const one of inPage(box, "dots")) {
      L.marker([one.lat, one.lon], { icon: dot(L, "waiting"), title: one.title, interactive: false, keyboard: false }).addTo(map);
    }
    const line = L.polyline([], { className: "way", interactive: false }).addTo(map);
    for (const one of stops) {
      const icon = L.divIcon({ className: "stop-number", iconSize: [28, 28], iconAnchor: [14, 42], html: `<span aria-hidden="true">${one.number}</span>` });
      L.marker([one.lat, one.lon], { icon, interactive: false, keyboard: false, zIndexOffset: -500 }).addTo(map);
    }
    status.textContent = words(0);
    if (drawn && drawn.length > CORNERS) {
      line.setLatLngs(drawn);
      clear.disabled = false;
      status.textContent = "Ce chemin est gardé tel quel. Touchez la carte pour en dessiner un autre.";
    } else if (drawn) {
      for (const point of drawn) add(point, true);
      line.setLatLngs(drawn);
      back.disabled = clear.disabled = false;
      status.textContent = words(drawn.length);
    }
    map.on("click", (event) => add(event.latlng));
    place.disabled = false;
    place.addEventListener("click", () => add(map.getCenter()));
    back.addEventListener("click", () => corners.length && drop(corners[corners.length - 1]));
    clear.addEventListener("click", () => {
      empty();
      tell();
      place.focus();
    });
    if (join) {
      join.disabled = false;
      join.addEventListener("click", () => {
        empty();
        for (const one of stops) add({ lat: one.lat, lng: one.lon }, true);
        tell();
      });
    }
    box.dataset.ready = "";
  });
}

for (const box of document.querySelectorAll("[data-route]")) open(box);
