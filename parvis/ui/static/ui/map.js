// The map beside its list: two views of one result. Choosing in one shows in the other.
import { said } from "./said.js";
import { FRANCE, dot, geojson, leaflet, newMap, pin, whenNear } from "./basemap.js";
import { crowd } from "./crowd.js";

// What needs someone lies over what is settled.
const ABOVE = { mine: 3000, late: 2000, soon: 1000 };
const CROWD = 40;

function popup(properties) {
  const box = document.createElement("div");
  if (properties.url) {
    const link = document.createElement("a");
    link.href = properties.url;
    link.textContent = properties.title;
    box.append(link);
  } else {
    box.textContent = properties.title;
  }
  if (properties.text) {
    const more = document.createElement("div");
    more.textContent = properties.text;
    box.append(more);
  }
  return box;
}

function outline(L, feature, backdrop) {
  const properties = feature.properties || {};
  return L.geoJSON(feature, {
    interactive: !backdrop,
    style: { className: `outline ${backdrop ? "backdrop" : ""} ${properties.tone || ""}` },
  });
}

function shapes(layer) {
  if (layer.getElement) return [layer.getElement()];
  return layer.getLayers().map((part) => part.getElement?.());
}

async function draw(box) {
  const canvas = box.querySelector("[data-canvas]");
  const note = box.querySelector("[data-note]");
  const say = (words) => {
    note.textContent = words;
    note.hidden = false;
  };
  const hush = () => (note.hidden = true);
  const crowded = "crowded" in box.dataset;
  let L, features, outlines;
  try {
    [L, features, outlines] = await Promise.all([leaflet(box), crowded ? null : geojson(box, "features"), geojson(box, "outlines")]);
  } catch {
    canvas.textContent = "";
    say(said("La carte n’a pas pu s’afficher. La liste est complète."));
    return;
  }
  const map = newMap(L, box, canvas, () => say(said("Le fond de carte ne répond pas. Les contours et les repères restent.")));
  const bounds = L.latLngBounds([]);
  const backdropBounds = L.latLngBounds([]);
  const layers = new Map();

  for (const feature of outlines?.features || []) {
    const layer = outline(L, feature, true).addTo(map);
    backdropBounds.extend(layer.getBounds());
  }
  // Leaflet hears Escape on the map alone, and not on what stands in it.
  canvas.addEventListener("keydown", (event) => event.key === "Escape" && map.closePopup());
  // A popup opens below the buttons of the map, which would hide the first of its words.
  const buttons = canvas.querySelector(".leaflet-control-zoom");
  const inSight = { autoPanPaddingTopLeft: [24, buttons.offsetTop + buttons.offsetHeight + 8], autoPanPaddingBottomRight: [24, 24] };
  // A view must be set before markers can be placed.
  map.fitBounds(backdropBounds.isValid() ? backdropBounds : FRANCE);

  const rows = (id) => document.querySelectorAll(`[data-feature="${CSS.escape(String(id))}"]`);
  let chosen = null;

  function mark(id, on) {
    for (const row of rows(id)) row.toggleAttribute("data-chosen", on);
    const layer = layers.get(id);
    if (layer) for (const shape of shapes(layer)) shape?.toggleAttribute("data-chosen", on);
    layer?.setZIndexOffset?.(on ? 9000 : layer.above);
  }

  // Above or below the map, as on a phone, the line would take away what was opened on it.
  function showLine(line) {
    const [at, beside] = [line, canvas].map((one) => one?.getBoundingClientRect());
    if (at && (at.right <= beside.left || at.left >= beside.right)) line.scrollIntoView({ block: "nearest" });
  }

  function choose(id, from) {
    if (chosen !== null) mark(chosen, false);
    chosen = id;
    mark(id, true);
    if (from === "map") showLine(rows(id)[0]);
    const layer = layers.get(id);
    if (from === "list" && layer) {
      const place = layer.getLatLng ? layer.getLatLng() : layer.getBounds().getCenter();
      if (!map.getBounds().contains(place)) map.panTo(place);
    }
  }

  function place(feature, many) {
    const properties = feature.properties || {};
    const id = String(properties.id ?? feature.id ?? layers.size);
    let layer;
    if (feature.geometry?.type === "Point") {
      const [longitude, latitude] = feature.geometry.coordinates;
      const small = many && properties.tone === "done";
      layer = L.marker([latitude, longitude], {
        icon: small ? dot(L, properties.tone) : pin(L, properties.tone),
        zIndexOffset: ABOVE[properties.tone] || 0,
        // Hundreds of stops would be a trap for the keyboard: there, the list is the way.
        keyboard: !many,
      });
      layer.above = layer.options.zIndexOffset;
      layer.on("add", () => {
        if (layer.options.keyboard) layer.getElement().setAttribute("aria-label", properties.title);
        else layer.getElement().setAttribute("aria-hidden", "true");
      });
      bounds.extend(layer.getLatLng());
    } else if (feature.geometry) {
      layer = outline(L, feature, false);
      bounds.extend(layer.getBounds());
    } else return;
    layers.set(id, layer);
    layer.many = many;
    // On a phone a popup is as wide as the map, with what stands around its words.
    const maxWidth = Math.min(260, canvas.clientWidth - 92);
    layer.addTo(map).bindPopup(() => popup(properties), { ...inSight, maxWidth });
    layer.on("click", () => choose(id, "map"));
    let entered = false;
    layer.on("popupopen", (event) => {
      choose(id, "map");
      const shown = event.popup.getElement();
      shown.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", said("Fermer"));
      // By keyboard one goes on to what the popup says, and back to the pin when it closes.
      const link = shown.querySelector("a[href]");
      entered = link !== null && document.activeElement === layer.getElement?.();
      if (entered) link.focus({ preventScroll: true });
    });
    layer.on("popupclose", (event) => {
      const left = [document.body, null].includes(document.activeElement);
      if (entered && (left || event.popup.getElement()?.contains(document.activeElement))) layer.getElement()?.focus({ preventScroll: true });
    });
  }

  function show(list) {
    // What stays in sight stays as it is: an open popup, what has the focus. Others are placed anew
    // when the crowd thins out, so that the keyboard reaches them.
    const many = list.length > CROWD;
    const ids = new Set(list.map((feature) => String(feature.properties?.id ?? feature.id)));
    for (const [id, layer] of layers) {
      const held = layer.isPopupOpen() || shapes(layer).includes(document.activeElement);
      if (ids.has(id) && (held || layer.many === many)) continue;
      layer.remove();
      layers.delete(id);
    }
    for (const feature of list) {
      if (!layers.has(String(feature.properties?.id ?? feature.id))) place(feature, many);
    }
  }

  show(features?.features || []);
  if (features?.note) say(features.note);
  if (crowded) {
    try {
      await crowd(L, map, box.dataset.featuresUrl, { show, say, hush });
    } catch {
      say(said("La carte n’a pas pu tout montrer. La liste est complète."));
    }
  } else if (bounds.isValid()) map.fitBounds(bounds, { padding: [36, 36], maxZoom: 17 });

  for (const row of document.querySelectorAll("[data-feature]")) {
    const id = row.dataset.feature;
    if (!crowded && !layers.has(id)) continue;
    row.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && choose(id, "hover"));
    row.addEventListener("focusin", () => choose(id, "list"));
    row.addEventListener("click", (event) => {
      if (event.target.closest("a, button, input, label")) return;
      choose(id, "list");
      const layer = layers.get(id);
      if (!layer) return;
      if (layer.getLatLng) layer.openPopup();
      else map.fitBounds(layer.getBounds(), { padding: [24, 24] });
    });
  }
  box.dataset.ready = "";
}

for (const box of document.querySelectorAll("[data-map]")) whenNear(box, () => draw(box));
