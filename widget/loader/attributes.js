// The element's attributes, and what the widget makes of them.

// Those that the widget itself is told, all but `callback`, `name` and `shadow`.
const TOLD = [
  "site-key",
  "api",
  "session",
  "token-nonce",
  "purpose",
  "country",
  "countries",
  "channels",
  "locale",
  "theme",
  "appearance",
  "auto",
  "disabled",
  "terms",
  "token",
];

export const ATTRIBUTES = [...TOLD, "callback", "name", "shadow"];

export const DEFAULT_NAME = "phone-verify-token";

const FLAGS = ["auto", "disabled", "shadow"];

const camelCase = (name) => name.replace(/-./g, (part) => part[1].toUpperCase());

// Sets attributes from options in camelCase: `true` is an attribute without a value, lists are written with spaces.
export function setAttributes(element, options) {
  for (const name of ATTRIBUTES) {
    const value = options[camelCase(name)];
    if (typeof value === "function") {
      element[name] = value;
    } else if (value === true || (value === "" && FLAGS.includes(name))) {
      element.setAttribute(name, "");
    } else if (value != null && value !== false && !(value === "false" && FLAGS.includes(name))) {
      element.setAttribute(name, Array.isArray(value) ? value.join(" ") : value);
    }
  }
}

// What the wasm is told, in camelCase; missing attributes are missing.
export function options(element) {
  const told = {};
  for (const name of TOLD) {
    const value = element.getAttribute(name);
    if (value !== null) {
      told[camelCase(name)] = FLAGS.includes(name) || value;
    }
  }
  told.api = (told.api || new URL(import.meta.url).origin).replace(/\/+$/, "");
  told.locale = locale(element, told.locale);
  return told;
}

function locale(element, asked) {
  const candidates = [asked, element.closest("[lang]")?.lang, document.documentElement.lang, navigator.language];
  for (const candidate of candidates) {
    try {
      const [known] = Intl.getCanonicalLocales(candidate || []);
      if (known) {
        return known;
      }
    } catch {
      // Not a language tag: the next one may be.
    }
  }
  return "en";
}
