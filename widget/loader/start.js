// Starts the wasm, once for all widgets of a page: the module and its glue are fetched side by side.

let starting;
let tries = 0;

// The wasm's exports. After a failure the next call tries again.
export function start() {
  starting ??= load().catch((error) => {
    starting = undefined;
    throw error;
  });
  return starting;
}

async function load() {
  // Browsers remember a module that failed; another query is another module.
  const query = tries++ ? `?retry=${tries}` : "";
  const wasm = fetch(new URL("__PV_WASM__", import.meta.url), { credentials: "omit" });
  // A failure is reported below, where it is waited for.
  wasm.catch(() => {});
  const glue = await import(new URL("__PV_GLUE__" + query, import.meta.url).href);
  await glue.begin(wasm);
  return glue;
}
