// What stands in the page without the wasm.

import { own } from "./words.js";

function make(name, className, text) {
  const element = document.createElement(name);
  element.className = className;
  if (text) {
    element.textContent = text;
  }
  return element;
}

function frame(state, told) {
  const root = make("div", "pv-root");
  root.dataset.state = state;
  root.dataset.theme = told.theme ?? "";
  root.dataset.appearance = told.appearance ?? "";
  return root;
}

function spoken(root, { language, direction }) {
  root.lang = language;
  if (direction) {
    root.dir = direction;
  }
  return root;
}

// What stands there until the wasm does: the form's first step, ready to be typed into, or bars in its place where the
// widget is going to show something else.
export function waiting(told) {
  return told.token || goesOn(told) ? { root: skeleton(told) } : form(told, own(told.words));
}

// Whether this tab remembers a verification of this widget: see app/src/browser/storage.rs.
function goesOn({ siteKey, purpose, slot }) {
  try {
    const record = sessionStorage.getItem(["phone-verify", siteKey ?? "", purpose ?? "", slot].join(":"));
    return Boolean(JSON.parse(record)?.view);
  } catch {
    return false;
  }
}

export function skeleton(told) {
  const root = frame("loading", told);
  root.classList.add("pv-skeleton");
  root.append(make("div", "pv-bar"), make("div", "pv-bar"), make("div", "pv-bar"));
  return root;
}

// The same elements as the wasm draws. What is typed and pressed is kept for it.
function form(told, say) {
  const root = spoken(frame("loading", told), say);
  const drawn = { root, number: make("input", "pv-input"), pressed: false };
  const { number } = drawn;
  Object.assign(number, { type: "tel", id: `${told.id}-drawn-number`, dir: "ltr", disabled: Boolean(told.disabled) });
  number.autocomplete = "tel";
  number.ariaRequired = "true";

  const country = make("button", "pv-input pv-choice");
  Object.assign(country, { type: "button", id: `${told.id}-drawn-country`, ariaExpanded: "false", ariaDisabled: "true" });
  country.setAttribute("role", "combobox");
  country.append(make("span", "pv-name", told.country?.toUpperCase() || "\u2026"));

  const send = make("button", "pv-button pv-primary", say.send);
  send.type = "button";
  const press = () => {
    drawn.pressed = !told.disabled;
    send.ariaDisabled = "true";
  };
  send.addEventListener("click", press);
  number.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      press();
    }
  });

  const row = make("div", "pv-main");
  row.append(send);
  const step = make("div", "pv-step");
  step.append(field(say.country, country), field(say.number, number), row);
  root.append(step);
  return drawn;
}

function field(name, control) {
  const label = make("label", "pv-label", name);
  label.htmlFor = control.id;
  const field = make("div", "pv-field");
  field.append(label, control);
  return field;
}

// Gives the wasm's own form what was typed and pressed in the drawn one.
export function handOver({ number, pressed, focused }, inside) {
  const own = inside.querySelector('input[type="tel"]');
  if (!own || !number) {
    return;
  }
  if (number.value) {
    own.value = number.value;
    own.setSelectionRange(number.selectionStart, number.selectionEnd);
    own.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  if (focused) {
    own.focus();
  }
  if (pressed) {
    inside.querySelector(".pv-primary").click();
  }
}

// Puts in a code that nobody typed, and checks it.
export function takeCode(code, inside) {
  const field = inside.querySelector('input[autocomplete="one-time-code"]');
  field.value = code;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  inside.querySelector(".pv-primary").click();
}

// The end of a widget that could not start or broke down.
export function failure(told, say, message, again) {
  const root = spoken(frame("failed", told), say);
  const status = make("p", "pv-status", message);
  status.setAttribute("role", "status");
  const button = make("button", "pv-button pv-primary", say.again);
  button.type = "button";
  button.addEventListener("click", again);
  const step = make("div", "pv-step");
  step.append(button);
  root.append(status, step);
  return root;
}
