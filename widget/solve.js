// `/embed/v1/phone-verify-solve-<hash>.js`, fetched only where the server asks for proof of work: tries counters until the key
// that PBKDF2 makes of one begins as the challenge says (ALTCHA's protocol, version 2).

// The browser computes keys beside the page; so few at once leave it time between two of them.
const AT_ONCE = 8;

const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (digits) => parseInt(digits, 16));
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

// The proof as the API takes it.
export async function solve(text) {
  const challenge = JSON.parse(text);
  const { algorithm, cost, keyLength, keyPrefix, nonce, salt } = challenge.parameters;
  const [name, hash] = algorithm.split("/");
  const recipe = { name, hash, salt: bytes(salt), iterations: cost };
  const start = bytes(nonce);

  async function keyOf(counter) {
    const password = new Uint8Array(start.length + 4);
    password.set(start);
    new DataView(password.buffer).setUint32(start.length, counter);
    const base = await crypto.subtle.importKey("raw", password, name, false, ["deriveBits"]);
    return hex(await crypto.subtle.deriveBits(recipe, base, keyLength * 8));
  }

  const began = performance.now();
  for (let first = 0; ; first += AT_ONCE) {
    const keys = await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => keyOf(first + index)));
    const index = keys.findIndex((key) => key.startsWith(keyPrefix));
    if (index >= 0) {
      const solution = { counter: first + index, derivedKey: keys[index], time: Math.round(performance.now() - began) };
      return btoa(JSON.stringify({ challenge, solution }));
    }
  }
}
