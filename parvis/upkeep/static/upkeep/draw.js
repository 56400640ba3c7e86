// Drawing a surface corner by corner: by a tap, or by keyboard at the centre of the map. What is drawn
// is written as GeoJSON in the field below, which stays the only thing that is sent.
import { FRANCE, geojson, leaflet, newMap, whenNear } from "../ui/basemap.js";

const CORNERS = 200; // a longer outline is not one that a hand draws: it is shown, and drawn anew

function ringOf(text) {
  try {
    const given = JSON.parse(text);
    const shape = given.type === "Feature" ? given.geometry : given;
    const ring = shape.type === "Polygon" && shape.coordinates.length === 1 && shape.coordinates[0];
    return ring && ring.length <= CORNERS ? ring.slice(0, -1).map(([lng, lat]) => ({ lat, lng })) : null;
  } catch {
    return null;
  }
}

function words(corners) {
  if (!corners) return "Touchez la carte pour poser le premier coin.";
  const count = corners > 1 ? `${corners} coins posés.` : "1 coin posé.";
  return corners < 3 ? `${count} Il en faut trois au moins.` : `${count} Le contour est prêt ; déplacez un coin pour le corriger.`;
}

async function open(box) {
  const { outline_text: field, keep_outline: keep, commune, quartier } = box.closest("form").elements;
  const status = box.querySelector("[data-status]");
  const canvas = box.querySelector("[data-canvas]");
  const [place, back, clear] = ["place", "back", "clear"].map((name) => box.querySelector(`[data-${name}]`));
  box.querySelector("[data-needs-script]").hidden = false;
  for (const button of [place, back, clear]) button.disabled = true;

  whenNear(canvas, async () => {
    let L, outlines, present, frames;
    try {
      [L, outlines, present, frames] = await Promise.all([leaflet(box), ...["outlines", "present", "frames"].map((name) => geojson(box, name))]);
    } catch {
      box.querySelector("[data-needs-script]").hidden = true;
      status.textContent = "La carte n’a pas pu s’afficher. Collez le contour ou envoyez son fichier.";
      return;
    }
    const map = newMap(L, box, canvas);
    const bounds = L.latLngBounds([]);
    for (const feature of outlines?.features || []) {
      bounds.extend(L.geoJSON(feature, { interactive: false, style: { className: "outline backdrop" } }).addTo(map).getBounds());
    }
    let before = null; // the outline as it is kept, until a corner is moved or placed
    let corners = [];

    function tell() {
      const ring = corners.map((corner) => corner.getLatLng());
      surface.setLatLngs(ring);
      const pairs = ring.map(({ lat, lng }) => [Number(lng.toFixed(6)), Number(lat.toFixed(6))]);
      field.value = pairs.length < 3 ? "" : JSON.stringify({ type: "Polygon", coordinates: [[...pairs, pairs[0]]] });
      if (keep) keep.checked = before !== null && !pairs.length;
      before?.setStyle({ opacity: keep?.checked ? 1 : 0.3 });
      back.disabled = clear.disabled = !corners.length;
      status.textContent = words(corners.length);
    }

    function add(point, quiet) {
      const icon = L.divIcon({ className: "corner", iconSize: [28, 28] });
      const corner = L.marker(point, { icon, draggable: true, keyboard: true }).addTo(map);
      corner.getElement().setAttribute("aria-label", `Coin ${corners.length + 1}. Suppr pour l’enlever.`);
      corner.on("drag dragend", tell);
      corner.on("keydown", ({ originalEvent }) => {
        if (!["Delete", "Backspace"].includes(originalEvent.key)) return;
        originalEvent.preventDefault();
        drop(corner);
        canvas.focus();
      });
      corners.push(corner);
      if (!quiet) tell();
    }

    function drop(corner) {
      corner.remove();
      corners = corners.filter((one) => one !== corner);
      tell();
    }

    // Where the form lets one choose a commune and a quartier.
    const frame = () => frames && (frames.quartier[quartier.value] || frames.commune[commune.value]);

    // The map goes where the choice lies, as long as nothing is drawn that would leave the screen.
    function follow() {
      if (corners.length || !frame()) return;
      map.fitBounds(frame(), { animate: false }); // at once: a corner may be placed right after
      const shown = frames.quartier[quartier.value] ? quartier : commune;
      status.textContent = `La carte montre ${shown.selectedOptions[0].text}. ${words(0)}`;
    }

    // A map without a view draws nothing: it is placed before the corners.
    const typed = ringOf(field.value);
    const shown = typed ? L.latLngBounds(typed) : present && L.geoJSON(present).getBounds();
    map.fitBounds(shown ? shown.pad(0.3) : frame() || (bounds.isValid() ? bounds : FRANCE));
    const surface = L.polygon([], { className: "outline mine", interactive: false }).addTo(map);
    const drawn = typed || (present && ringOf(JSON.stringify(present)));
    if (drawn) {
      for (const point of drawn) add(point, true);
      surface.setLatLngs(drawn);
      back.disabled = clear.disabled = false;
      status.textContent = words(drawn.length);
    } else {
      if (present) before = L.geoJSON(present, { interactive: false, style: { className: "outline" } }).addTo(map);
      status.textContent = words(0);
    }
    if (frames) for (const choice of [commune, quartier]) choice.addEventListener("change", follow);
    map.on("click", (event) => add(event.latlng));
    place.disabled = false;
    place.addEventListener("click", () => add(map.getCenter()));
    back.addEventListener("click", () => corners.length && drop(corners[corners.length - 1]));
    clear.addEventListener("click", () => {
      for (const corner of corners) corner.remove();
      corners = [];
      tell();
      place.focus();
    });
    box.dataset.ready = "";
  });
}

for (const box of document.querySelectorAll("[data-draw]")) open(box);
