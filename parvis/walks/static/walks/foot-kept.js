// The small database of this telephone: walks, what was noted, photos, and the finding half written.
// A write counts once it is on the disk ("strict"): a telephone that dies right after loses nothing.
const NAME = "parvis-diagnostics";
// The bytes of photos stand apart, so that counting what waits does not read them.
const SHELVES = { walks: "id", items: "uid", photos: "uid", bytes: "uid", drafts: "walk" };
export const ALL = Object.keys(SHELVES);
let opening;

// A number for each thing, and a store, need a page that came by https.
export const possible = () => window.isSecureContext && "indexedDB" in window;

function open() {
  opening ??= new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      for (const [shelf, keyPath] of Object.entries(SHELVES)) asked.result.createObjectStore(shelf, { keyPath });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  return opening;
}

// Runs `work(shelf)` in one transaction over these shelves; gives what it gives, once all is written.
export async function act(shelves, mode, work) {
  const database = await open();
  return new Promise((done, fail) => {
    const transaction = database.transaction(shelves, mode, { durability: "strict" });
    let told;
    transaction.oncomplete = () => done(told);
    transaction.onabort = () => fail(transaction.error);
    Promise.resolve(work((name) => transaction.objectStore(name))).then(
      (value) => {
        told = value;
      },
      (error) => {
        fail(error);
        transaction.abort();
      },
    );
  });
}

export const result = (request) =>
  new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });

export const get = (shelf, key) => act([shelf], "readonly", (box) => result(box(shelf).get(key)));
export const all = (shelf) => act([shelf], "readonly", (box) => result(box(shelf).getAll()));
export const put = (shelf, value) => act([shelf], "readwrite", (box) => void box(shelf).put(value));

// Change one row, if it is there; gives what it became.
export const change = (shelf, key, how) =>
  act([shelf], "readwrite", async (box) => {
    const row = await result(box(shelf).get(key));
    if (!row) return undefined;
    const next = { ...row, ...how(row) };
    box(shelf).put(next);
    return next;
  });
