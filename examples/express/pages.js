// The pages. `html` escapes whatever is put into it.
import { SERVER, SITE_KEY } from "./phone.js";

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escape = (value) => String(value ?? "").replace(/[&<>"]/g, (character) => ESCAPES[character]);
const html = (parts, ...values) => String.raw({ raw: parts }, ...values.map(escape));

export function order({ nonce, token, problem, fields = {} }) {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Order</title>
  <link rel="icon" href="data:,">
  <script async type="module" src="${SERVER}/embed/v1/phone-verify.js"></script>
</head>
<body>
  <h1>Order</h1>
  <p id="phone-problem" role="alert">${problem}</p>
  <form action="/" method="post">
    <p><label>Name <input name="name" maxlength="100" value="${fields.name}"></label></p>
    <p><label>Item <input name="item" maxlength="100" value="${fields.item}"></label></p>
    <phone-verify site-key="${SITE_KEY}" token-nonce="${nonce}" purpose="order" name="phone-token" token="${token}"></phone-verify>
    <p><button>Place order</button></p>
  </form>
</body>
</html>`;
}

export function receipt({ item }) {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Order received</title>
  <link rel="icon" href="data:,">
</head>
<body>
  <h1>Order received</h1>
  <p>${item}</p>
  <p><a href="/">Order something else</a></p>
</body>
</html>`;
}
