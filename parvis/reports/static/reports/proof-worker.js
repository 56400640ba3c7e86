// Tries numbers one after the other until the digest of salt, nonce and number begins as asked.
const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hex = (found) => Array.from(found, (one) => one.toString(16).padStart(2, "0")).join("");

onmessage = async ({ data: { salt, nonce, keyPrefix } }) => {
  const start = [...bytes(salt), ...bytes(nonce)];
  const tried = new Uint8Array(start.length + 4);
  tried.set(start);
  const number = new DataView(tried.buffer, start.length);
  const wanted = bytes(keyPrefix);
  for (let counter = 0; ; counter++) {
    number.setUint32(0, counter);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", tried));
    if (wanted.every((one, at) => digest[at] === one)) {
      postMessage({ counter, derivedKey: hex(digest) });
      return;
    }
  }
};
