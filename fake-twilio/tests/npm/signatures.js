// What Twilio's library signs, for the server's tests: `node signatures.js > signatures.json`. The test checks that the
// file is what this makes.
import twilio from "twilio";

const TOKEN = "0123456789abcdef0123456789abcdef";
const TO = "+12025550134";

const report = [
  ["MessageSid", `SM${"0".repeat(32)}`],
  ["MessageStatus", "delivered"],
  ["To", TO],
  ["From", "+15005550006"],
];

const requests = [
  { what: "a status callback", target: "/twilio/messages/status?delivery=0a", form: report },
  {
    what: "names in order of their bytes, values with spaces, plus signs and other scripts",
    target: "/twilio/messages/inbound",
    form: [
      ["b", "2"],
      ["B", "1"],
      ["a", " two  spaces "],
      ["Body", "1 + 1 = 2 & more, ümläut, 日本, 😀"],
      ["Empty", ""],
    ],
  },
  {
    what: "repeated parameters",
    target: "/twilio/messages/inbound",
    form: [
      ["MediaUrl", "b"],
      ["MediaUrl", "a"],
      ["MediaUrl", "b"],
      ["To", TO],
    ],
  },
  { what: "an empty form", target: "/twilio/calls/inbound", form: [] },
  { what: "the standard port written out", target: "/twilio/calls/status?delivery=0a", form: report, signedPort: ":443" },
  {
    what: "a port of one's own",
    public_url: "https://verify.example.com:8443",
    target: "/twilio/calls/status?delivery=0a",
    form: report,
    signedPort: ":8443",
  },
  {
    what: "a port of one's own that is left out",
    public_url: "https://verify.example.com:8443",
    target: "/twilio/calls/status?delivery=0a",
    form: report,
  },
  { what: "http", public_url: "http://verify.example.com", target: "/twilio/calls/status", form: report, signedPort: ":80" },
  {
    what: "a query as older libraries encode it",
    target: "/twilio/messages/inbound?note=it's+(fine)*&note=%c3%a4%20b&flag",
    signed: "/twilio/messages/inbound?note=it's%20(fine)*&note=%C3%A4%20b&flag=",
    form: report,
  },
  { what: "a query as it came", target: "/twilio/messages/inbound?note=it's+(fine)*&flag", form: report },
  { what: "JSON", target: "/twilio/messages/status?delivery=0a", json: '{"a": "ü"}' },
  { what: "JSON without another query", target: "/twilio/messages/status", json: "{}" },
];

function sign({ what, public_url = "https://verify.example.com", target, signed, form, json, signedPort = "" }) {
  if (json !== undefined) {
    target += `${target.includes("?") ? "&" : "?"}bodySHA256=${twilio.getExpectedBodyHash(json)}`;
  }
  const parameters = {};
  for (const [name, value] of form ?? []) {
    parameters[name] = name in parameters ? [parameters[name], value].flat() : value;
  }
  const { protocol, hostname } = new URL(public_url);
  const url = `${protocol}//${hostname}${signedPort}${signed ?? target}`;
  const signature = twilio.getExpectedTwilioSignature(TOKEN, url, parameters);
  // The library must accept what it signs.
  const called = public_url + target;
  const accepted =
    json === undefined
      ? twilio.validateRequest(TOKEN, signature, called, parameters)
      : twilio.validateRequestWithBody(TOKEN, signature, called, json);
  if (!accepted) throw new Error(`the library refuses its own: ${what}`);
  return { what, public_url, target, form, json, signature };
}

export const text = `${JSON.stringify(requests.map(sign), null, 2)}\n`;

if (process.argv[1] === new URL(import.meta.url).pathname) process.stdout.write(text);
