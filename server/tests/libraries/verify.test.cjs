// Twilio's library for Node as published; only the base URL is another.
"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const twilio = require("twilio");

const { PHONE_VERIFY_URL, WAITING_URL, TWICE_URL, ACCOUNT_SID, SITE_SECRET, SERVICE_SID } = process.env;
const { RestException } = twilio;
let last = 134;

/** A number that no other test has used. */
const number = () => `+12025550${last++}`;

function service(url = PHONE_VERIFY_URL, secret = SITE_SECRET) {
  const client = twilio(ACCOUNT_SID, secret);
  client.verify.baseUrl = url;
  return client.verify.v2.services(SERVICE_SID);
}

/** The code of the newest message to a number. */
async function code(to) {
  const answer = await fetch(`${PHONE_VERIFY_URL}/dev/outbox?to=${encodeURIComponent(to)}`, {
    headers: { accept: "application/json" },
  });
  return (await answer.json())[0].code;
}

const wrong = (code) => (code[0] === "0" ? "1" : "0") + code.slice(1);

async function refused(promise, status, code) {
  const error = await promise.then(
    () => assert.fail("it was not refused"),
    (error) => error,
  );
  assert.ok(error instanceof RestException, String(error));
  assert.deepEqual([error.status, error.code], [status, code], error.message);
  assert.equal(error.moreInfo, `https://www.twilio.com/docs/errors/${code}`);
}

test("start, wrong check, right check, fetch", async () => {
  const to = number();
  const started = await service().verifications.create({ to, channel: "sms" });
  assert.deepEqual([started.status, started.to, started.valid], ["pending", to, false]);
  assert.ok(started.dateCreated instanceof Date && !Number.isNaN(started.dateCreated.getTime()));
  const again = await service().verifications.create({ to, channel: "call" });
  assert.equal(again.sid, started.sid);
  assert.equal(again.sendCodeAttempts.length, 2);
  const digits = await code(to);
  const no = await service().verificationChecks.create({ to, code: wrong(digits) });
  assert.deepEqual([no.status, no.valid], ["pending", false]);
  const yes = await service().verificationChecks.create({ verificationSid: started.sid, code: digits });
  assert.deepEqual([yes.status, yes.valid, yes.sid], ["approved", true, started.sid]);
  const fetched = await service().verifications(started.sid).fetch();
  assert.equal(fetched.status, "approved");
  assert.equal((await service().verifications(to).fetch()).sid, started.sid);
  await refused(service().verificationChecks.create({ to, code: digits }), 404, 20404);
});

test("cancel, and approve", async () => {
  for (const status of ["canceled", "approved"]) {
    const to = number();
    const started = await service().verifications.create({ to, channel: "sms", customCode: "0123456" });
    assert.equal(await code(to), "0123456");
    assert.equal((await service().verifications(started.sid).update({ status })).status, status);
    await refused(service().verificationChecks.create({ to, code: "0123456" }), 404, 20404);
  }
});

test("used-up checks", async () => {
  const to = number();
  await service().verifications.create({ to, channel: "sms" });
  const digits = wrong(await code(to));
  for (let left = 4; left >= 0; left--) {
    const check = await service().verificationChecks.create({ to, code: digits });
    assert.equal(check.status, left === 0 ? "max_attempts_reached" : "pending");
  }
  await refused(service().verificationChecks.create({ to, code: digits }), 429, 60202);
});

test("rate limits", async () => {
  const to = number();
  await service(WAITING_URL).verifications.create({ to, channel: "sms" });
  await refused(service(WAITING_URL).verifications.create({ to, channel: "sms" }), 429, 20429);
  for (let sent = 0; sent < 2; sent++) await service(TWICE_URL).verifications.create({ to, channel: "sms" });
  await refused(service(TWICE_URL).verifications.create({ to, channel: "sms" }), 429, 60203);
});

test("what is not there, who may not, and what is wrong", async () => {
  await refused(service().verifications(`VE${"0".repeat(32)}`).fetch(), 404, 20404);
  await refused(service().verificationChecks.create({ to: number(), code: "123456" }), 404, 20404);
  await refused(service(PHONE_VERIFY_URL, "wrong").fetch(), 401, 20003);
  await refused(service().verifications.create({ to: "12", channel: "sms" }), 400, 60200);
  await refused(service().verifications.create({ to: number(), channel: "fax" }), 400, 60200);
});

test("attempts, their summary, and services", async () => {
  const client = twilio(ACCOUNT_SID, SITE_SECRET);
  client.verify.baseUrl = PHONE_VERIFY_URL;
  const to = number();
  for (let sent = 0; sent < 3; sent++) {
    await client.verify.v2.services(SERVICE_SID).verifications.create({ to, channel: "sms" });
  }
  // Three pages of one.
  const attempts = await client.verify.v2.verificationAttempts.list({ "channelData.to": to, pageSize: 1 });
  assert.equal(attempts.length, 3);
  assert.equal(attempts[0].conversionStatus, "unconverted");
  const one = await client.verify.v2.verificationAttempts(attempts[0].sid).fetch();
  assert.equal(one.verificationSid, attempts[0].verificationSid);
  const summary = await client.verify.v2.verificationAttemptsSummary().fetch({ verifyServiceSid: SERVICE_SID });
  assert.ok(summary.totalAttempts >= 3);
  assert.equal(summary.totalAttempts, summary.totalConverted + summary.totalUnconverted);
  const services = await client.verify.v2.services.list();
  assert.deepEqual(services.map((service) => service.sid), [SERVICE_SID]);
});
