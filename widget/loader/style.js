// The style sheet, once in every tree that holds a widget: the document, or somebody's shadow root.

const sheets = new WeakMap();

// Settles when the sheet is there, or cannot be had: a widget without looks is better than none.
export function style(root) {
  let sheet = sheets.get(root);
  if (!sheet) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.crossOrigin = "anonymous";
    link.href = new URL("__PV_CSS__", import.meta.url).href;
    sheet = new Promise((resolve) => {
      link.onload = link.onerror = resolve;
    });
    (root.head ?? root).prepend(link);
    sheets.set(root, sheet);
  }
  return sheet;
}
