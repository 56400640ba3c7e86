// Step 1: the button appears once a point is on the map.
const form = document.querySelector("[data-where]");
const go = form?.querySelector("[data-go]");
form?.addEventListener("placed", () => {
  go.hidden = false;
});
form?.addEventListener("cleared", () => {
  go.hidden = true;
});
