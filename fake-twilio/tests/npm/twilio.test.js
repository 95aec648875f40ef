// Twilio's own library against the fake: what one author got wrong on both sides of a test would show here.
import assert from "node:assert/strict";
import http from "node:http";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import twilio from "twilio";
import { text as signatures } from "./signatures.js";

const FAKE = process.env.FAKE_TWILIO_URL;
const account = {
  sid: process.env.FAKE_ACCOUNT_SID,
  token: process.env.FAKE_AUTH_TOKEN,
  key: process.env.FAKE_API_KEY,
  secret: process.env.FAKE_API_KEY_SECRET,
};
const FROM = "+15005550006";
const TO = "+12025550134";
const SERVICE = `MG${"0".repeat(32)}`;

/** Sends what is meant for Twilio to the fake. */
class Redirected extends twilio.RequestClient {
  request(options) {
    const { pathname, search, hostname } = new URL(options.uri);
    assert.ok(["api.twilio.com", "verify.twilio.com"].includes(hostname));
    return super.request({ ...options, uri: FAKE + pathname + search });
  }
}

function client(user = account.sid, password = account.token, options = {}) {
  const httpClient = new Redirected(options);
  return twilio(user, password, { accountSid: account.sid, httpClient });
}

async function fake(method, path, body) {
  const response = await fetch(FAKE + path, {
    method,
    headers: body && { "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return response.status === 204 ? undefined : response.json();
}

async function refusal(promise) {
  const error = await promise.then(
    () => assert.fail("it was not refused"),
    (error) => error,
  );
  assert.equal(error.constructor.name, "RestException");
  return error;
}

test("a message is created, fetched and listed", async () => {
  const message = await client().messages.create({
    to: TO,
    from: FROM,
    body: "Shop: 012345 is your code",
    validityPeriod: 600,
    statusCallback: "https://verify.example.com/twilio/messages/status?delivery=1",
  });
  assert.match(message.sid, /^SM[0-9a-f]{32}$/);
  assert.equal(message.accountSid, account.sid);
  assert.equal(message.apiVersion, "2010-04-01");
  assert.equal(message.status, "queued");
  assert.equal(message.direction, "outbound-api");
  assert.equal(message.body, "Shop: 012345 is your code");
  assert.equal(message.to, TO);
  assert.equal(message.from, FROM);
  assert.equal(message.messagingServiceSid, null);
  assert.equal(message.numSegments, "1");
  assert.equal(message.numMedia, "0");
  assert.equal(message.errorCode, null);
  assert.equal(message.price, null);
  assert.ok(Math.abs(message.dateCreated - Date.now()) < 60_000);
  assert.ok(message.uri.endsWith(`/Messages/${message.sid}.json`));
  assert.ok(message.subresourceUris.media);

  const fetched = await client().messages(message.sid).fetch();
  assert.deepEqual(fetched.toJSON(), message.toJSON());
  const listed = await client().messages.list({ to: TO, limit: 20 });
  assert.ok(listed.some(({ sid }) => sid === message.sid));
  assert.deepEqual(await client().messages.list({ to: "+12025550199" }), []);

  const [sent] = await fake("GET", `/fake/messages?to=${encodeURIComponent(TO)}`);
  assert.equal(sent.sid, message.sid);
  assert.equal(sent.code, "012345");
});

test("pages of a list are followed", async () => {
  const to = "+12025550135";
  for (const body of ["one", "two", "three"]) {
    await client().messages.create({ to, from: FROM, body });
  }
  const bodies = (await client().messages.list({ to, pageSize: 2 })).map(({ body }) => body);
  assert.deepEqual(bodies, ["three", "two", "one"]);
});

test("a messaging service accepts and picks the sender later", async () => {
  const message = await client().messages.create({ to: TO, messagingServiceSid: SERVICE, body: "x" });
  assert.equal(message.status, "accepted");
  assert.equal(message.from, null);
  assert.equal(message.messagingServiceSid, SERVICE);
});

test("a call is created with what the library makes of TwiML, fetched, listed and canceled", async () => {
  const twiml = new twilio.twiml.VoiceResponse();
  twiml.say({ language: "en-US" }, "Your code is");
  for (let round = 0; round < 3; round += 1) {
    for (const digit of "012345") {
      twiml.say(digit);
      twiml.pause();
    }
  }
  const call = await client().calls.create({
    to: TO,
    from: FROM,
    twiml: twiml.toString(),
    timeout: 25,
    timeLimit: 120,
    statusCallback: "https://verify.example.com/twilio/calls/status?delivery=2",
    statusCallbackEvent: ["initiated", "ringing", "answered", "completed"],
  });
  assert.match(call.sid, /^CA[0-9a-f]{32}$/);
  assert.equal(call.status, "queued");
  assert.equal(call.direction, "outbound-api");
  assert.ok(call.dateCreated instanceof Date);
  assert.deepEqual((await client().calls(call.sid).fetch()).toJSON(), call.toJSON());
  assert.ok((await client().calls.list({ to: TO })).some(({ sid }) => sid === call.sid));
  const [sent] = await fake("GET", `/fake/messages?to=${encodeURIComponent(TO)}`);
  assert.equal(sent.sid, call.sid);
  assert.equal(sent.code, "012345");

  const canceled = await client().calls(call.sid).update({ status: "canceled" });
  assert.equal(canceled.status, "canceled");
  const again = await refusal(client().calls(call.sid).update({ status: "completed" }));
  assert.equal(again.code, 21220);
});

test("an API key works with the account's SID in the path", async () => {
  const message = await client(account.key, account.secret).messages.create({ to: TO, from: FROM, body: "x" });
  assert.equal(message.accountSid, account.sid);
  const otherAccount = twilio(account.key, account.secret, {
    accountSid: `AC${"f".repeat(32)}`,
    httpClient: new Redirected(),
  });
  assert.equal((await refusal(otherAccount.messages.create({ to: TO, from: FROM, body: "x" }))).code, 20003);
  const keyInPath = await fetch(`${FAKE}/2010-04-01/Accounts/${account.key}/Messages.json`, {
    method: "POST",
    headers: { Authorization: `Basic ${btoa(`${account.key}:${account.secret}`)}` },
    body: new URLSearchParams({ To: TO, From: FROM, Body: "x" }),
  });
  assert.equal((await keyInPath.json()).code, 21470);
});

test("wrong credentials are 401 and 20003", async () => {
  for (const [user, password] of [
    [account.sid, "wrong"],
    [account.key, account.token],
    [`AC${"f".repeat(32)}`, account.token],
  ]) {
    const error = await refusal(client(user, password).messages.create({ to: TO, from: FROM, body: "x" }));
    assert.equal(error.status, 401);
    assert.equal(error.code, 20003);
    assert.equal(error.moreInfo, "https://www.twilio.com/docs/errors/20003");
  }
});

test("the magic numbers answer as with test credentials", async () => {
  const messages = [
    ["+15005550001", FROM, 21211],
    ["+15005550002", FROM, 21612],
    ["+15005550003", FROM, 21408],
    ["+15005550004", FROM, 21610],
    ["+15005550009", FROM, 21614],
    [TO, "+15005550001", 21212],
    [TO, "+15005550007", 21606],
    [TO, "+15005550008", 21611],
  ];
  for (const [to, from, code] of messages) {
    const error = await refusal(client().messages.create({ to, from, body: "x" }));
    assert.deepEqual([error.status, error.code], [400, code]);
  }
  const twiml = "<Response><Hangup/></Response>";
  const calls = [
    ["+15005550001", FROM, 21217],
    ["+15005550002", FROM, 21214],
    ["+15005550003", FROM, 21215],
    ["+15005550004", FROM, 21216],
    [TO, "+15005550001", 21212],
    [TO, "+15005550009", 21210],
  ];
  for (const [to, from, code] of calls) {
    const error = await refusal(client().calls.create({ to, from, twiml }));
    assert.deepEqual([error.status, error.code], [400, code]);
  }
});

test("what does not exist is 404 and 20404", async () => {
  const error = await refusal(client().messages(`SM${"0".repeat(32)}`).fetch());
  assert.deepEqual([error.status, error.code], [404, 20404]);
});

test("every parameter that the library can send is known, and bad ones are refused", async () => {
  await client().messages.create({
    to: TO,
    from: FROM,
    body: "x",
    provideFeedback: true,
    attempt: 1,
    forceDelivery: false,
    contentRetention: "discard",
    addressRetention: "obfuscate",
    smartEncoded: true,
    shortenUrls: false,
    riskCheck: "disable",
  });
  const bad = [
    [{ to: "12025550134", from: FROM, body: "x" }, 21211],
    [{ to: TO, from: FROM, messagingServiceSid: SERVICE, body: "x" }, 20422],
    [{ to: TO, body: "x" }, 21603],
    [{ to: TO, from: FROM }, 21602],
    [{ to: TO, from: FROM, body: "x", validityPeriod: 36_001 }, 21624],
    [{ to: TO, from: FROM, body: "x", statusCallback: "https://a_b.example/" }, 21609],
    [{ to: TO, from: FROM, body: "x".repeat(1601) }, 21617],
  ];
  for (const [parameters, code] of bad) {
    const error = await refusal(client().messages.create(parameters));
    assert.deepEqual([error.status, error.code], [400, code]);
  }
});

test("a request that was not processed is tried again by the library, and one message goes out", async () => {
  const to = "+12025550136";
  await fake("POST", "/fake/behaviour", { to, times: 1, answer: { status: 429, code: 20429 } });
  const retrying = client(account.sid, account.token, { autoRetry: true });
  await retrying.messages.create({ to, from: FROM, body: "x" });
  const requests = await fake("GET", "/fake/requests");
  const mine = requests.filter(({ form }) => form.some(([, value]) => value === to));
  assert.deepEqual(
    mine.map(({ status }) => status),
    [429, 201],
  );
  assert.equal((await fake("GET", `/fake/messages?to=${encodeURIComponent(to)}`)).length, 1);
});

const VERIFY = `VA${"0".repeat(32)}`;

function verify(service = VERIFY) {
  return client().verify.v2.services(service);
}

async function known(to) {
  return (await fake("GET", `/fake/verifications?to=${encodeURIComponent(to)}`)).at(-1);
}

function otherThan(code) {
  return (code[0] === "0" ? "1" : "0") + code.slice(1);
}

test("Verify: a verification is started, sent again with the same code, fetched, and approved by its code", async () => {
  const to = "+12025550150";
  const started = await verify().verifications.create({ to, channel: "sms", locale: "de" });
  assert.match(started.sid, /^VE[0-9a-f]{32}$/);
  assert.deepEqual([started.serviceSid, started.accountSid], [VERIFY, account.sid]);
  assert.deepEqual([started.to, started.channel, started.status, started.valid], [to, "sms", "pending", false]);
  assert.ok(started.dateCreated instanceof Date);
  const { code } = await known(to);
  assert.match(code, /^\d{6}$/);

  const again = await verify().verifications.create({ to, channel: "call" });
  assert.equal(again.sid, started.sid);
  assert.deepEqual(
    again.sendCodeAttempts.map(({ channel }) => channel),
    ["SMS", "CALL"],
  );
  assert.match(again.sendCodeAttempts[0].attempt_sid, /^VL[0-9a-f]{32}$/);
  const sent = await fake("GET", `/fake/messages?to=${encodeURIComponent(to)}`);
  assert.deepEqual(
    sent.map((one) => [one.channel, one.code]),
    [
      ["call", code],
      ["sms", code],
    ],
  );

  const fetched = await verify().verifications(started.sid).fetch();
  assert.deepEqual(fetched.toJSON(), again.toJSON());
  const wrong = await verify().verificationChecks.create({ to, code: otherThan(code) });
  assert.deepEqual([wrong.sid, wrong.status, wrong.valid], [started.sid, "pending", false]);
  const right = await verify().verificationChecks.create({ verificationSid: started.sid, code });
  assert.deepEqual([right.status, right.valid], ["approved", true]);
  for (const gone of [
    () => verify().verificationChecks.create({ to, code }),
    () => verify().verifications(to).fetch(),
    () => verify().verifications(started.sid).update({ status: "canceled" }),
    () => verify(`VA${"f".repeat(32)}`).verifications.create({ to, channel: "sms" }),
  ]) {
    const error = await refusal(gone());
    assert.deepEqual([error.status, error.code], [404, 20404]);
  }
});

test("Verify: five checks, five sends, and what an update or ten minutes end", async () => {
  const checked = "+12025550151";
  await verify().verifications.create({ to: checked, channel: "sms" });
  const { code } = await known(checked);
  const check = () => verify().verificationChecks.create({ to: checked, code: otherThan(code) });
  for (const status of ["pending", "pending", "pending", "pending", "max_attempts_reached"]) {
    assert.equal((await check()).status, status);
  }
  for (const spent of [check, () => verify().verifications.create({ to: checked, channel: "sms" })]) {
    const error = await refusal(spent());
    assert.deepEqual([error.status, error.code], [429, 60202]);
  }
  assert.equal((await verify().verifications(checked).update({ status: "canceled" })).status, "canceled");
  await verify().verifications.create({ to: checked, channel: "sms" });
  await fake("DELETE", "/fake/verifications");
  assert.equal((await refusal(verify().verificationChecks.create({ to: checked, code }))).code, 20404);

  const sent = "+12025550152";
  for (let sends = 0; sends < 5; sends += 1) await verify().verifications.create({ to: sent, channel: "sms" });
  const error = await refusal(verify().verifications.create({ to: sent, channel: "sms" }));
  assert.deepEqual([error.status, error.code], [429, 60203]);
});

test("Verify: a custom code is sent, and its outcome reported", async () => {
  const to = "+12025550153";
  const { sid } = await verify().verifications.create({ to, channel: "sms", customCode: "0123456789" });
  assert.equal((await known(to)).code, "0123456789");
  const updated = await verify().verifications(sid).update({ status: "approved" });
  assert.deepEqual([updated.status, updated.valid], ["approved", true]);
});

test("Verify: the fake's own magic numbers, and parameters that are not Verify's", async () => {
  for (const [to, status, code] of [
    ["+15005550001", 400, 60200],
    ["+15005550002", 403, 60238],
    ["+15005550003", 403, 60605],
    ["+15005550004", 403, 60410],
    ["+15005550008", 429, 60212],
    ["+15005550009", 400, 60205],
  ]) {
    const error = await refusal(verify().verifications.create({ to, channel: "sms" }));
    assert.deepEqual([error.status, error.code], [status, code]);
  }
  for (const parameters of [
    { to: "12025550154", channel: "sms" },
    { to: "+12025550154", channel: "pigeon" },
    { to: "+12025550154", channel: "sms", customCode: "123" },
    { to: "+12025550154", channel: "sms", locale: "xx" },
  ]) {
    assert.equal((await refusal(verify().verifications.create(parameters))).code, 60200);
  }
  const off = "+12025550155";
  await fake("POST", "/fake/behaviour", { on: "verifications", to: off, times: 1, answer: { status: 403, code: 60223 } });
  assert.equal((await refusal(verify().verifications.create({ to: off, channel: "sms" }))).code, 60223);
  assert.deepEqual(await fake("GET", `/fake/messages?to=${encodeURIComponent(off)}`), []);
});

test("the library accepts the fake's signatures", async (t) => {
  const received = [];
  const server = http.createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    received.push({ signature: request.headers["x-twilio-signature"], path: request.url, body });
    response.writeHead(204).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const base = `http://127.0.0.1:${server.address().port}`;

  await fake("POST", "/fake/callback", {
    url: `${base}/status?delivery=1&b=a%20b`,
    form: [
      ["To", TO],
      ["Body", " spaces and ümläuts "],
      ["Repeated", "b"],
      ["Repeated", "a"],
      ["Repeated", "b"],
      ["Empty", ""],
    ],
  });
  await fake("POST", "/fake/callback", { url: `${base}/status`, json: '{"a": 1}' });
  const [form, json] = received;

  const parameters = {};
  for (const [name, value] of new URLSearchParams(form.body)) {
    parameters[name] = name in parameters ? [parameters[name], value].flat() : value;
  }
  const valid = (token, values) => twilio.validateRequest(token, form.signature, base + form.path, values);
  assert.ok(valid(account.token, parameters));
  assert.ok(!valid(account.token, { ...parameters, To: FROM }));
  assert.ok(!valid("another token", parameters));
  assert.ok(twilio.validateRequestWithBody(account.token, json.signature, base + json.path, json.body));
  assert.ok(!twilio.validateRequestWithBody(account.token, json.signature, base + json.path, `${json.body} `));
});

test("states are reported to the status callback", async (t) => {
  const received = [];
  const server = http.createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const form = Object.fromEntries(new URLSearchParams(body));
    const url = `http://${request.headers.host}${request.url}`;
    assert.ok(twilio.validateRequest(account.token, request.headers["x-twilio-signature"], url, form));
    received.push(form);
    response.writeHead(204).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const statusCallback = `http://127.0.0.1:${server.address().port}/status?delivery=3`;
  const to = "+12025550137";

  await fake("POST", "/fake/behaviour", {
    to,
    times: 1,
    callbacks: [
      { status: "sent", early: true },
      { status: "undelivered", error_code: 30006, early: true },
    ],
  });
  const message = await client().messages.create({ to, from: FROM, body: "x", statusCallback });
  assert.deepEqual(
    received.map(({ MessageSid, MessageStatus, ErrorCode }) => [MessageSid, MessageStatus, ErrorCode]),
    [
      [message.sid, "sent", undefined],
      [message.sid, "undelivered", "30006"],
    ],
  );
  const fetched = await client().messages(message.sid).fetch();
  assert.deepEqual([fetched.status, fetched.errorCode], ["undelivered", 30006]);
  assert.ok(fetched.dateSent instanceof Date);
});

test("the signatures in the server's tests are the library's", async () => {
  assert.equal(await readFile(new URL("signatures.json", import.meta.url), "utf8"), signatures);
});
