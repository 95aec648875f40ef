// Notes what a host page can hear of its widgets, in order.
window.heard = [];
const fieldOf = (element) => element.querySelector("input[type=hidden]")?.value ?? null;
for (const name of ["ready", "state", "sent", "verified", "error", "expired"]) {
  const what = `phone-verify:${name}`;
  document.addEventListener(what, (event) => {
    const detail = JSON.parse(JSON.stringify(event.detail));
    window.heard.push({ what, from: event.target.id, field: fieldOf(event.target), detail });
  });
}
const callback = (name) => (result) => {
  const field = document.querySelector("input[type=hidden]")?.value ?? null;
  window.heard.push({ what: "callback", from: name, field, detail: JSON.parse(JSON.stringify(result)) });
};
window.onPhoneVerified = callback("onPhoneVerified");
window.shop = { checkout: { verified: callback("shop.checkout.verified") } };
window.phoneVerifyCallback = callback("phoneVerifyCallback");
