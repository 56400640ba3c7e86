// Rectangles drawn over the photo, beside the squares of the grid that work without this file.
const form = document.querySelector("[data-black-out]");
const grid = form.querySelector("[data-grid]");
const list = form.querySelector("[data-drawn]");
const SMALL = 8; // pixels: less is a press on a square, not a rectangle

function place(mask, [left, top, width, height]) {
  mask.style.left = `${left / 10}%`;
  mask.style.top = `${top / 10}%`;
  mask.style.width = `${width / 10}%`;
  mask.style.height = `${height / 10}%`;
}

function maskOf(box) {
  const mask = document.createElement("div");
  mask.className = "mask";
  place(mask, box);
  grid.append(mask);
  return mask;
}

// A rectangle with its own button to take it away, and the hidden input that sends it.
function keep(box, mask) {
  const item = document.createElement("li");
  const input = document.createElement("input");
  input.type = "hidden";
  input.name = "box";
  input.value = box.join(",");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn quiet";
  button.textContent = `Enlever le rectangle ${list.children.length + 1}`;
  button.addEventListener("click", () => {
    mask.remove();
    item.remove();
    grid.querySelector("input").focus();
  });
  item.append(input, button);
  list.append(item);
}

function between(start, end) {
  const edges = grid.getBoundingClientRect();
  const share = (value, from, size) => Math.round(Math.min(Math.max((value - from) / size, 0), 1) * 1000);
  const xs = [start.clientX, end.clientX].map((x) => share(x, edges.left, edges.width)).sort((a, b) => a - b);
  const ys = [start.clientY, end.clientY].map((y) => share(y, edges.top, edges.height)).sort((a, b) => a - b);
  return [xs[0], ys[0], xs[1] - xs[0], ys[1] - ys[0]];
}

let start = null;
let mask = null;
let drawn = false;

grid.addEventListener("pointerdown", (event) => {
  if (event.button === 0 && event.isPrimary) start = event;
});
grid.addEventListener("pointermove", (event) => {
  if (!start || event.pointerId !== start.pointerId) return;
  if (!mask) {
    if (Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) < SMALL) return;
    grid.setPointerCapture(start.pointerId);
    mask = maskOf([0, 0, 0, 0]);
  }
  place(mask, between(start, event));
});
grid.addEventListener("pointerup", (event) => {
  drawn = Boolean(mask);
  if (mask) {
    const box = between(start, event);
    if (box[2] && box[3]) keep(box, mask);
    else mask.remove();
  }
  start = mask = null;
});
grid.addEventListener("pointercancel", () => {
  mask?.remove();
  start = mask = null;
});
// The end of a rectangle must not tick the square under it.
grid.addEventListener("click", (event) => {
  if (drawn) event.preventDefault();
  drawn = false;
});
grid.addEventListener("dragstart", (event) => event.preventDefault());

for (const item of list.querySelectorAll("[data-box]")) {
  const box = item.dataset.box.split(",").map(Number);
  item.remove();
  if (box.length === 4) keep(box, maskOf(box));
}
grid.classList.add("drawable");
document.querySelector("[data-drawing]").hidden = false;
