// `verifyToken` against a running server in development: PHONE_VERIFY_URL says where.
import assert from "node:assert/strict";
import { test } from "node:test";
import { any, redeemToken, TokenError, verifyToken } from "phone-verify/server";

const server = process.env.PHONE_VERIFY_URL;
assert.ok(server, "PHONE_VERIFY_URL names the server to test against");
const site = { server, siteKey: "demo" };
const secret = "demo-secret";
const expected = { ...site, nonce: "of-this-page", purpose: "order", subject: null };
const start = { site_key: "demo", nonce: "of-this-page", purpose: "order" };
let numbers = 0;

async function ask(path, body, authorization) {
  const answer = await fetch(new URL(path, server), {
    method: "POST",
    headers: { "content-type": "application/json", ...(authorization ? { authorization } : {}) },
    body: JSON.stringify(body),
  });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
}

/** A token for a number of its own, as the widget would get one. */
async function token(changes = {}) {
  numbers += 1;
  const phone_number = `+1229555${String(numbers + 100).padStart(4, "0")}`;
  const { id, client_secret } = await ask("/v1/verifications", { channel: "sms", phone_number, ...start, ...changes });
  const outbox = await fetch(new URL(`/dev/outbox?to=${encodeURIComponent(phone_number)}`, server), { headers: { accept: "application/json" } });
  const [{ code }] = await outbox.json();
  return (await ask(`/v1/verifications/${id}/check`, { code, phone_number }, `Bearer ${client_secret}`)).token;
}

const refused = (code) => (error) => error instanceof TokenError && error.code === code;

test("a right token's claims, as often as one asks offline", async () => {
  const right = await token();
  for (const claims of [await verifyToken(right, expected), await verifyToken(right, expected)]) {
    assert.equal(claims.aud, "demo");
    assert.equal(claims.phone_number_verified, true);
    assert.match(claims.phone_number_index, /^[0-9a-f]{64}$/);
  }
});

test("with the secret it works once, of many at a time too", async () => {
  const right = await token();
  const all = await Promise.allSettled(Array.from({ length: 8 }, () => verifyToken(right, { ...expected, secret })));
  assert.equal(all.filter(({ status }) => status === "fulfilled").length, 1);
  for (const { reason } of all.filter(({ status }) => status === "rejected")) assert.equal(reason.code, "used");
});

test("redeemed by itself, the claims are the server's own", async () => {
  const right = await token();
  assert.deepEqual(await redeemToken(right, { ...site, secret }), await verifyToken(right, expected));
  await assert.rejects(redeemToken(right, { ...site, secret }), refused("used"));
});

test("what is not expected is refused, and not redeemed", async () => {
  const right = await token();
  const { phone_number_index } = await verifyToken(right, { ...expected, nonce: any, purpose: any, subject: any });
  const [header, payload, signature] = right.split(".");
  const cases = [
    ["missing", "", {}],
    ["missing", undefined, {}],
    ["invalid", "no token", {}],
    ["invalid", `${header}.${payload}.${signature.split("").reverse().join("")}`, {}],
    ["invalid", right, { issuer: "https://verify.example.com" }],
    ["wrong_site", right, { siteKey: "other" }],
    ["wrong_session", right, { nonce: "of-another-page" }],
    ["wrong_session", right, { nonce: null }],
    ["wrong_purpose", right, { purpose: "newsletter" }],
    ["wrong_subject", right, { subject: "user-1" }],
    ["wrong_number", right, { numberIndex: "ab".repeat(32) }],
  ];
  for (const [code, value, changes] of cases) {
    await assert.rejects(verifyToken(value, { ...expected, secret, ...changes }), refused(code), JSON.stringify(changes));
  }
  await verifyToken(right, { ...expected, numberIndex: phone_number_index, secret });
});

test("a session's user is the token's", async () => {
  const basic = `Basic ${btoa(`demo:${secret}`)}`;
  const { session } = await ask("/v1/sessions", { subject: "user-1", purpose: "order" }, basic);
  const right = await token({ session, nonce: undefined, purpose: undefined });
  const claims = await verifyToken(right, { ...site, nonce: null, purpose: "order", subject: "user-1" });
  assert.equal(claims.sub, "user-1");
  await assert.rejects(verifyToken(right, { ...expected, nonce: null }), refused("wrong_subject"));
});

test("an expectation that is left out is a mistake of the program", async () => {
  const right = await token();
  for (const claim of ["nonce", "purpose", "subject"]) {
    await assert.rejects(verifyToken(right, { ...expected, [claim]: undefined }), TypeError);
  }
});

test("a server that cannot be asked is no yes", async () => {
  const right = await token();
  const nowhere = { server: "http://127.0.0.1:9", issuer: server };
  await assert.rejects(verifyToken(right, { ...expected, ...nowhere }), refused("unavailable"));
  await assert.rejects(redeemToken(right, { ...site, ...nowhere, secret }), refused("unavailable"));
  await assert.rejects(redeemToken(right, { ...site, secret: "wrong" }), refused("unavailable"));
});
