// The plan of the walk, drawn from what the telephone keeps: outlines, route, numbered stops. A touch on it
// says where; no tile, no network.
const SIDE = 640;
const draw = (name, attributes, text) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text) node.textContent = text;
  return node;
};

// `touched({lat, lon})` is called for each touch. Gives {node, mark(point or null)}, or null when nothing
// of the walk has a point.
export function planOf({ outlines, route, stops }, touched) {
  const placed = stops.filter((stop) => stop.lat !== null && stop.lon !== null);
  const way = route.length ? route : placed.map((stop) => [stop.lon, stop.lat]);
  let points = [...way, ...placed.map((stop) => [stop.lon, stop.lat])];
  if (!points.length) points = outlines.flat();
  if (!points.length) return null;
  const [lons, lats] = [points.map(([lon]) => lon), points.map(([, lat]) => lat)];
  const middle = { lon: (Math.min(...lons) + Math.max(...lons)) / 2, lat: (Math.min(...lats) + Math.max(...lats)) / 2 };
  const narrow = Math.cos((middle.lat * Math.PI) / 180);
  const wide = Math.max((Math.max(...lons) - Math.min(...lons)) * narrow, Math.max(...lats) - Math.min(...lats), 0.001);
  const scale = SIDE / (wide * 1.4); // units for one degree of latitude, with a margin
  const at = ([lon, lat]) => [
    Math.round((SIDE / 2 + (lon - middle.lon) * narrow * scale) * 10) / 10,
    Math.round((SIDE / 2 - (lat - middle.lat) * scale) * 10) / 10,
  ];
  const line = (corners) => `M${corners.map((one) => at(one).join(" ")).join("L")}`;

  const said = placed.map((stop) => `${stop.number} ${stop.title}`).join(", ");
  const node = draw("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, class: "foot-plan", role: "img", "aria-label": `Plan du parcours. ${said}` });
  for (const ring of outlines) node.append(draw("path", { class: "ground", d: `${line(ring)}Z` }));
  if (way.length > 1) node.append(draw("path", { class: "way", d: line(way) }));
  for (const stop of placed) {
    const [x, y] = at([stop.lon, stop.lat]);
    node.append(draw("circle", { class: "stop", cx: x, cy: y, r: 26 }), draw("text", { x, y, dy: 9 }, stop.number));
  }
  const mine = draw("circle", { class: "mine", r: 18, visibility: "hidden" });
  node.append(mine);

  node.addEventListener("click", (event) => {
    const box = node.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * SIDE;
    const y = ((event.clientY - box.top) / box.height) * SIDE;
    const lon = middle.lon + (x - SIDE / 2) / (narrow * scale);
    const lat = middle.lat - (y - SIDE / 2) / scale;
    touched({ lat: Number(lat.toFixed(6)), lon: Number(lon.toFixed(6)) });
  });
  return {
    node,
    mark(point) {
      mine.setAttribute("visibility", point ? "visible" : "hidden");
      if (!point) return;
      const [x, y] = at([point.lon, point.lat]);
      mine.setAttribute("cx", x);
      mine.setAttribute("cy", y);
    },
  };
}
