// Step 1: the button appears once a point is on the map; residences seen are offered without a network.
const form = document.querySelector("[data-where]");
const go = form?.querySelector("[data-go]");
form?.addEventListener("placed", () => {
  go.hidden = false;
});
form?.addEventListener("cleared", () => {
  go.hidden = true;
});

const seen = document.querySelector("[data-residence]")?.dataset;
if (seen) {
  try {
    const before = JSON.parse(localStorage.getItem("parvis:residences")) || [];
    const others = before.filter((one) => one.pk !== seen.residence).slice(0, 4);
    localStorage.setItem("parvis:residences", JSON.stringify([{ pk: seen.residence, name: seen.name }, ...others]));
  } catch {
    // private browsing
  }
}
