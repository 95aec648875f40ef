// A render function: a page under a strict policy cannot compile templates.
const { createApp, h, ref } = Vue;
createApp({
  setup() {
    const shown = ref(true);
    const renders = ref(0);
    return () =>
      h("main", [
        h("button", { type: "button", onClick: () => (shown.value = !shown.value) }, shown.value ? "Hide" : "Show"),
        h("button", { type: "button", onClick: () => (renders.value += 1) }, `Rendered ${renders.value}`),
        shown.value && h("form", { id: "form" }, h("phone-verify", { id: "phone", "site-key": "demo", callback: "onPhoneVerified", "data-renders": renders.value })),
      ]);
  },
}).mount("#root");
