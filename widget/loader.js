// `/embed/v1/phone-verify.js`: makes <phone-verify> and `phoneVerify` known to a page. A second copy does nothing.

import { PhoneVerifyElement } from "./loader/element.js";
import { render, scan } from "./loader/render.js";

if (!customElements.get("phone-verify")) {
  window.phoneVerify = Object.freeze({ render, scan });
  customElements.define("phone-verify", PhoneVerifyElement);
  scan();
  // An async script may run before the page is all there.
  document.addEventListener("DOMContentLoaded", () => scan());
}
