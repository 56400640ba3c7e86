// Reports that wait to be sent. Each bears a number of its own from the start: however often it leaves,
// the server counts it once. What was received leaves its receipt here until the person has noted it.
import { packed, unpacked } from "./photos.js";
import { proof } from "./proof.js";
import { all, get, put, remove } from "./store.js";

const SEND = "/signaler/envoi/";
const PATIENCE = 90_000; // milliseconds: five photos on a slow network
const LEFT_OUT = new Set(["csrfmiddlewaretoken", "form_id", "photos"]);
const SHELF = "outbox";

export const list = async () => (await all(SHELF)).sort((one, other) => one.at - other.at);
export const find = (number) => get(SHELF, number);
export const drop = (number) => remove(SHELF, number);

// What a form says, ready to be stored: `more` is what the page knows and the form does not.
export async function pack(form, number, title, more = []) {
  const said = [...new FormData(form)].filter(([name, value]) => !LEFT_OUT.has(name) && typeof value === "string");
  const files = form.querySelector("input[type=file]")?.files || [];
  return { sent_as: number, at: Date.now(), title, fields: [...more, ...said], photos: await packed(files) };
}

export const store = (item) => put(SHELF, item);

// One sender at a time among all tabs; without locks the number alone still makes it count once.
const alone = (act) => (navigator.locks ? navigator.locks.request("parvis-outbox", act) : act());

export const send = (item) => alone(() => post(item));

export const sendAll = () =>
  alone(async () => {
    for (const item of await list()) {
      if (item.receipt || item.refused) continue;
      const tried = await post(item);
      if (tried.state === "waiting") return tried;
    }
    return null;
  });

async function post(item) {
  const body = new FormData();
  body.set("sent_as", item.sent_as);
  for (const [name, value] of item.fields) body.append(name, value);
  for (const file of unpacked(item.photos)) body.append("photos", file);
  body.set("proof", await proof());
  let answer, told;
  try {
    answer = await fetch(SEND, { method: "POST", body, credentials: "omit", signal: AbortSignal.timeout(PATIENCE) });
    told = await answer.json();
  } catch {
    return { state: "waiting", why: "network" };
  }
  if (answer.ok) {
    const { at, sent_as, title } = item;
    await put(SHELF, { at, sent_as, title, receipt: told }).catch(() => {});
    return { state: "sent", receipt: told };
  }
  if (answer.status === 422) {
    await put(SHELF, { ...item, refused: told.errors }).catch(() => {});
    return { state: "refused", errors: told.errors };
  }
  return { state: "waiting", why: answer.status === 429 ? "many" : "server" };
}
