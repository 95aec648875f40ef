// What the element does once the wasm is there. It comes with the wasm's glue: the first form does not wait for it.

export { STEPS } from "phone-verify-steps";
export { receiveCode } from "./otp.js";

// Three are used, measured; more cost nothing.
const TURNS = 16;

// Gives the wasm's own form what was typed into the drawn one, and the focus.
export function handOver({ root, number, focused }, inside) {
  const field = number && own(number, inside);
  if (field && number.value) {
    const { value, selectionStart, selectionEnd, selectionDirection } = number;
    const within = selectionStart < value.length;
    field.value = value;
    // Digits are grouped behind a caret that stands at the end; what is selected elsewhere stays as it is.
    field.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: within }));
    if (within) {
      select(field, [selectionStart, selectionEnd, selectionDirection]);
    }
  }
  if (focused) {
    own(focused, inside)?.focus();
  }
  root.remove();
}

// What the wasm draws anew it draws in the microtasks that follow, the field's value with it, which takes the selection away; all
// within this task, so nobody can have selected anything else.
async function select(field, selection) {
  for (let turn = 0; turn < TURNS; turn += 1) {
    field.setSelectionRange(...selection);
    await null;
  }
}

// Carries out what was pressed.
export function press({ pressed }, inside) {
  if (pressed) {
    own(pressed, inside)?.click();
  }
}

// The wasm's element for a drawn one.
function own(element, inside) {
  return inside.querySelector(`[id="${element.id.replace("-drawn", "")}"]`);
}

// Puts in a code that nobody typed, and checks it.
export function takeCode(code, inside) {
  const field = inside.querySelector('input[autocomplete="one-time-code"]');
  field.value = code;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  inside.querySelector(".pv-primary").click();
}
