// Loads the widget from the server that it talks to. Nothing of it is in this package: server and widget are of one release.

const PATH = "/embed/v1/phone-verify.js";

const loading = new Map();

// Makes <phone-verify> known to the page; resolves to `phoneVerify`. Asked again it loads nothing again; after a failure it
// tries again.
export function load(server) {
  if (typeof window === "undefined") {
    return Promise.reject(new Error("phone-verify: load() works in a browser only"));
  }
  let tries = 0;
  let entry = loading.get(server);
  if (entry?.failed) {
    tries = entry.tries + 1;
    entry = undefined;
  }
  if (!entry) {
    // Browsers remember a module that failed; another query is another module.
    const url = new URL(tries ? `${PATH}?retry=${tries}` : PATH, server).href;
    entry = { tries, failed: false };
    entry.loaded = import(/* @vite-ignore */ /* webpackIgnore: true */ url).then(
      () => window.phoneVerify,
      (cause) => {
        entry.failed = true;
        throw new Error(`phone-verify: ${url} could not be loaded`, { cause });
      },
    );
    loading.set(server, entry);
  }
  return entry.loaded;
}
