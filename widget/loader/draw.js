// What stands in the page without the wasm.

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

// Holds the place of the form, so that nothing moves when it comes.
export function skeleton(told) {
  const root = frame("loading", told);
  root.classList.add("pv-skeleton");
  root.append(make("div", "pv-bar"), make("div", "pv-bar"), make("div", "pv-bar"));
  return root;
}

// The end of a widget that could not start or broke down.
export function failure(told, message, again) {
  const root = frame("failed", told);
  root.lang = "en";
  const status = make("p", "pv-status", message);
  status.setAttribute("role", "status");
  const button = make("button", "pv-button pv-primary", "Start again");
  button.type = "button";
  button.addEventListener("click", again);
  const step = make("div", "pv-step");
  step.append(button);
  root.append(status, step);
  return root;
}
