// The style sheets, once in every tree that holds a widget: the document, or somebody's shadow root. They come with the scripts, so
// that no form is ever seen without its own, and are adopted, which no policy forbids.

export { CSS as FIRST } from "phone-verify-first-form";

// By their text.
const sheets = new Map();

export function style(root, css) {
  if (!sheets.has(css)) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    sheets.set(css, sheet);
  }
  const sheet = sheets.get(css);
  if (!root.adoptedStyleSheets.includes(sheet)) {
    root.adoptedStyleSheets.push(sheet);
  }
}
