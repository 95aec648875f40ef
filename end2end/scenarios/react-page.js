// Strict mode, a re-render each second key press, and a button that takes the whole form away.
const { createElement: h, StrictMode, useState } = React;
function Page() {
  const [shown, setShown] = useState(true);
  const [renders, setRenders] = useState(0);
  return h(
    "main",
    null,
    h("button", { type: "button", onClick: () => setShown(!shown) }, shown ? "Hide" : "Show"),
    h("button", { type: "button", onClick: () => setRenders(renders + 1) }, `Rendered ${renders}`),
    shown && h("form", { id: "form" }, h("phone-verify", { id: "phone", "site-key": "demo", callback: "onPhoneVerified", "data-renders": renders })),
  );
}
ReactDOM.createRoot(document.getElementById("root")).render(h(StrictMode, null, h(Page)));
