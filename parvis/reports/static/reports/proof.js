// Work that shows that a machine took its time: looked for while the person types, used once.
const ASK = "/signaler/defi/";
const MARGIN = 60; // seconds before its end when a proof is not used any more
let working = null;

async function work() {
  const answer = await fetch(ASK, { credentials: "omit", cache: "no-store" });
  const challenge = await answer.json();
  if (!challenge.parameters || !crypto.subtle) return null;
  const worker = new Worker(new URL("./proof-worker.js", import.meta.url), { type: "module" });
  const solution = await new Promise((done, fail) => {
    worker.onmessage = ({ data }) => done(data);
    worker.onerror = fail;
    worker.postMessage(challenge.parameters);
  });
  worker.terminate();
  return { until: challenge.parameters.expiresAt - MARGIN, payload: btoa(JSON.stringify({ challenge, solution })) };
}

export function begin() {
  working ??= work().catch(() => null);
  return working;
}

// The proof for one sending; "" when there is none: the server takes it all the same, less often.
export async function proof() {
  let found = await begin();
  if (!found || found.until < Date.now() / 1000) {
    working = null;
    found = await begin();
  }
  working = null;
  return found?.payload || "";
}
