// The small database of this browser where unfinished and waiting reports are kept, on this device only.
// A write counts once it is on the disk ("strict"): a telephone that dies right after loses nothing.
const NAME = "parvis-signaler";
const SHELVES = { outbox: { keyPath: "sent_as" }, unfinished: {} };
let opening;

function open() {
  opening ??= new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      for (const [shelf, how] of Object.entries(SHELVES)) asked.result.createObjectStore(shelf, how);
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  return opening;
}

async function act(shelf, mode, ask) {
  const database = await open();
  return new Promise((done, fail) => {
    const work = database.transaction(shelf, mode, { durability: "strict" });
    const asked = ask(work.objectStore(shelf));
    work.oncomplete = () => done(asked.result);
    work.onabort = () => fail(work.error);
  });
}

export const put = (shelf, value, key) => act(shelf, "readwrite", (box) => box.put(value, key));
export const get = (shelf, key) => act(shelf, "readonly", (box) => box.get(key));
export const all = (shelf) => act(shelf, "readonly", (box) => box.getAll());
export const remove = (shelf, key) => act(shelf, "readwrite", (box) => box.delete(key));
