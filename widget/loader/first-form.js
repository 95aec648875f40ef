// The form that stands in the page before the wasm does: the component's own first step, as the build has drawn it. What is
// typed and pressed is kept for the wasm.

import { COUNTRIES, FORM } from "phone-verify-first-form";

// It speaks as `say` does.
export function firstForm(told, say) {
  const prefix = `${told.id}-drawn`;
  const root = build(FORM, prefix);
  const [number, country, send, terms] = ["number", "country", "send", "terms"].map((name) =>
    root.querySelector(`[id="${prefix}-${name}"]`),
  );
  const [countryLabel, numberLabel] = root.querySelectorAll("label");
  countryLabel.textContent = say.country;
  numberLabel.textContent = say.number;
  send.textContent = say.send;
  const drawn = { root, number, pressed: null, composing: null };

  const { region, code } = preselected(told);
  country.querySelector(".pv-calling").textContent = `+${code}`;
  // A page's first country names take the browser some 30 ms: they come after the form has been seen.
  requestAnimationFrame(() =>
    setTimeout(() => {
      const names = new Intl.DisplayNames(told.locale, { type: "region" });
      country.querySelector(".pv-name").textContent = names.of(region);
    }),
  );
  if (told.terms == null) {
    terms.remove();
    send.removeAttribute("aria-describedby");
  } else {
    terms.textContent = told.terms || say.terms || terms.textContent;
  }
  if (told.disabled) {
    number.disabled = true;
    country.ariaDisabled = send.ariaDisabled = "true";
    return drawn;
  }

  const press = () => {
    drawn.pressed = send;
    send.ariaDisabled = "true";
  };
  send.addEventListener("click", press);
  country.addEventListener("click", () => {
    drawn.pressed ??= country;
  });
  number.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      press();
    }
  });
  number.addEventListener("compositionstart", () => {
    drawn.composing = new Promise((resolve) => {
      const ended = () => {
        drawn.composing = null;
        resolve();
      };
      // What was composed may come into the field only after its end.
      number.addEventListener("compositionend", () => setTimeout(ended), { once: true });
    });
  });
  return drawn;
}

function build([name, attributes, ...content], prefix) {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    element.setAttribute(attribute, value.replace("@", prefix));
  }
  element.append(...content.map((part) => (typeof part === "string" ? part : build(part, prefix))));
  return element;
}

// The country that the wasm is going to choose: see app/src/countries.rs.
function preselected({ country, countries, locale }) {
  const codes = {};
  let code = 0;
  for (const [, step, regions] of COUNTRIES.matchAll(/(\d+| )([A-Z]+)/g)) {
    code += Number(step) || 1;
    for (const region of regions.match(/../g)) {
      codes[region] = code;
    }
  }
  const limit = (countries ?? "").toUpperCase().split(/[\s,]+/).filter((region) => codes[region]);
  const regionOf = (tag) => /[-_]([a-z]{2})(?![a-z])/i.exec(tag)?.[1];
  const region = [country, ...[locale, ...navigator.languages].map(regionOf), "US", ...Object.keys(codes)]
    .map((wish) => wish?.toUpperCase())
    .find((wish) => codes[wish] && (!limit.length || limit.includes(wish)));
  return { region, code: codes[region] };
}
