// `phoneVerify.render` and `phoneVerify.scan`: widgets in elements of the page's own.

import { setAttributes } from "./attributes.js";

const handles = new WeakMap();

// Puts a widget into an element, in place of what is there, and returns its handle.
export function render(target, options = {}) {
  const host = typeof target === "string" ? document.querySelector(target) : target;
  if (host?.nodeType !== Node.ELEMENT_NODE) {
    throw new TypeError("phoneVerify.render: there is no such element");
  }
  handles.get(host)?.remove();
  const own = host.localName === "phone-verify";
  const element = own ? host : document.createElement("phone-verify");
  setAttributes(element, options);
  if (!own) {
    element.place = host.id;
    element.addEventListener("phone-verify:state", ({ detail }) => {
      host.dataset.state = detail.state;
    });
    host.dataset.state = element.state;
    host.replaceChildren(element);
  }
  const handle = {
    get state() {
      return element.state;
    },
    get token() {
      return element.token;
    },
    reset: () => element.reset(),
    focus: () => element.focus(),
    remove: () => {
      if (own) {
        element.empty();
      } else {
        element.remove();
        delete host.dataset.state;
      }
      if (handles.get(host) === handle) {
        handles.delete(host);
      }
    },
  };
  handles.set(host, handle);
  return handle;
}

// Renders every `div.phone-verify` that has no widget yet; its data attributes are the options.
export function scan(within = document) {
  for (const host of within.querySelectorAll("div.phone-verify")) {
    if (!handles.has(host)) {
      render(host, host.dataset);
    }
  }
}
