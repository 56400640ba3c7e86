// Where is it? By "here" (GPS), by a tap on the map, or by keyboard: move the map, take its centre.

import { said } from "./said.js";
import { FRANCE, geojson, leaflet, newMap, pin, whenNear } from "./basemap.js";

const REFUSALS = {
  1: said("Votre téléphone n’a pas le droit de donner la position. Touchez la carte, ou écrivez l’adresse."),
  2: said("La position n’est pas arrivée. Touchez la carte, ou écrivez l’adresse."),
  3: said("La position tarde trop. Touchez la carte, ou écrivez l’adresse."),
};

async function open(box) {
  const form = box.closest("form");
  const latitude = form.elements.latitude;
  const longitude = form.elements.longitude;
  const status = box.querySelector("[data-status]");
  const clear = box.querySelector("[data-clear]");
  const here = box.querySelector("[data-here]");
  const centre = box.querySelector("[data-centre-pick]");
  const canvas = box.querySelector("[data-canvas]");
  let map, marker, L;

  const say = (words) => (status.textContent = words);

  function show(place, zoom) {
    if (!map) return;
    if (marker) marker.setLatLng(place);
    else {
      marker = L.marker(place, { icon: pin(L, "mine"), draggable: true, keyboard: true }).addTo(map);
      marker.getElement().setAttribute("aria-label", said("L’endroit choisi"));
      marker.on("dragend", () => put(marker.getLatLng(), said("Repère déplacé.")));
    }
    map.setView(place, zoom || Math.max(map.getZoom(), 17));
  }

  function put(place, words, zoom) {
    latitude.value = place.lat.toFixed(6);
    longitude.value = place.lng.toFixed(6);
    clear.hidden = false;
    say(words);
    show(place, zoom);
    box.dispatchEvent(new CustomEvent("placed", { bubbles: true, detail: { latitude: place.lat, longitude: place.lng } }));
  }

  here.addEventListener("click", () => {
    if (!navigator.geolocation) return say(REFUSALS[2]);
    here.setAttribute("aria-busy", "true");
    say(said("Nous cherchons où vous êtes…"));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        here.removeAttribute("aria-busy");
        const near = Math.max(5, Math.round(coords.accuracy / 5) * 5);
        put({ lat: coords.latitude, lng: coords.longitude }, said("Position reçue, à {near} mètres près. Vous pouvez déplacer le repère.", { near }), 18);
      },
      (error) => {
        here.removeAttribute("aria-busy");
        say(REFUSALS[error.code] || REFUSALS[2]);
      },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 },
    );
  });
  clear.addEventListener("click", () => {
    latitude.value = longitude.value = "";
    marker?.remove();
    marker = null;
    clear.hidden = true;
    say(said("Repère enlevé."));
    here.focus();
  });
  box.querySelector("[data-needs-script]").hidden = false;
  centre.disabled = true;

  const start = async () => {
    let outlines;
    try {
      [L, outlines] = await Promise.all([leaflet(box), geojson(box, "outlines")]);
    } catch {
      canvas.hidden = centre.hidden = true;
      return say(said("La carte n’a pas pu s’afficher. Écrivez l’adresse, ou choisissez votre résidence."));
    }
    map = newMap(L, box, canvas, () => say(said("Le fond de carte ne répond pas. Vous pouvez aussi écrire l’adresse.")));
    const bounds = L.latLngBounds([]);
    for (const feature of outlines?.features || []) {
      const layer = L.geoJSON(feature, { interactive: false, style: { className: "outline backdrop" } }).addTo(map);
      bounds.extend(layer.getBounds());
    }
    map.fitBounds(bounds.isValid() ? bounds : FRANCE);
    map.on("click", (event) => put(event.latlng, said("Repère posé. Vous pouvez le déplacer.")));
    centre.disabled = false;
    centre.addEventListener("click", () => put(map.getCenter(), said("Repère posé au centre de la carte.")));
    if (latitude.value && longitude.value) {
      clear.hidden = false;
      show({ lat: Number(latitude.value), lng: Number(longitude.value) }, 17);
    }
    box.dataset.ready = "";
  };
  whenNear(canvas, start);
}

for (const box of document.querySelectorAll("[data-picker]")) open(box);
