// A draw that goes on: asks now and then whether the page has changed. A computation that ended
// loads the page again; the witness page takes what is new and shows it one thing after the other.

const ASK_EVERY = 3000; // milliseconds
const SHOW_EVERY = 1400;
const place = () => document.querySelector("[data-lot-state]");
const wait = (time) => new Promise((done) => setTimeout(done, time));

async function isNew(node) {
  const answer = await fetch(node.dataset.lotState, { headers: { Accept: "application/json" } });
  return answer.ok && (await answer.json()).version !== node.dataset.lotVersion;
}

async function renew(node) {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(node.id);
  if (!fresh) return;
  const seen = new Set([...node.querySelectorAll("[data-lot-step]")].map((one) => one.dataset.lotStep));
  const steps = [...fresh.querySelectorAll("[data-lot-step]")];
  const waiting = steps.filter((one) => !seen.has(one.dataset.lotStep));
  for (const one of waiting) one.hidden = true;
  node.replaceWith(document.importNode(fresh, true));
  for (const { dataset } of waiting) {
    await wait(SHOW_EVERY);
    const one = document.querySelector(`[data-lot-step="${dataset.lotStep}"]`);
    if (!one) return;
    one.hidden = false;
    one.scrollIntoView({ block: "center" });
  }
}

async function watch() {
  for (;;) {
    await wait(ASK_EVERY);
    const node = place();
    if (!node) return;
    if (document.hidden) continue;
    try {
      if (!(await isNew(node))) continue;
      if ("lotReload" in node.dataset) return location.reload();
      await renew(node);
    } catch {
      // No network for a while: ask again later.
    }
  }
}

watch();
