// A page that is made with a bundler, as its author writes it; `specs/npm.spec.ts` bundles it.
import { load, type Result } from "phone-verify";

const { server } = (document.currentScript as HTMLScriptElement).dataset as { server: string };
const results: Result[] = [];
document.addEventListener("phone-verify:sent", ({ detail }) => document.body.append(`Sent by ${detail.channel}.`));
load(server).then((phoneVerify) => {
  const handle = phoneVerify.render("#here", { siteKey: "demo", channels: ["sms"], callback: (result) => results.push(result) });
  Object.assign(window, { handle, results });
});
