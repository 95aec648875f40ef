// What stands in the page without the wasm.

import { firstForm } from "./first-form.js";
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
  return look(make("div", "pv-root"), state, told);
}

function look(root, state, told) {
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

function form(told, say) {
  const drawn = firstForm(told, say);
  look(spoken(drawn.root, say), "loading", told);
  return drawn;
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
