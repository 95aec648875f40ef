// Checks tokens on a host's own server. Node.js 20 or newer, or whatever else has fetch and Web Crypto.
import { createRemoteJWKSet, errors, jwtVerify } from "jose";

const KEYS_KEPT_MS = 300_000;
const BETWEEN_FETCHES_MS = 10_000;
const TIME_OUT_MS = 5_000;
// What clocks may be apart (RFC 7519, 4.1.4), and the longest life that a site can give its tokens.
const LEEWAY_SECONDS = 60;
const LONGEST_LIFE = "1h";

const keySets = new Map();

/** Why a token is not taken; `code` is the word for programs. */
export class TokenError extends Error {
  name = "TokenError";

  constructor(code, message, options) {
    super(message, options);
    this.code = code;
  }
}

/** Checks a token offline, by the server's published keys, and redeems it where a secret is given. Resolves to its claims. */
export async function verifyToken(token, expected) {
  const { server, siteKey, secret } = expected;
  if (!server || !siteKey) throw new TypeError("phone-verify: server and siteKey are needed");
  for (const claim of ["nonce", "purpose", "subject"]) {
    // Left out by mistake, it would let a token of another session or form pass.
    if (!(claim in expected) || expected[claim] === undefined) {
      throw new TypeError(`phone-verify: say which ${claim} the token must have: a string, null for none, or any`);
    }
  }
  if (typeof token !== "string" || token === "") throw new TokenError("missing", "no token");
  const { payload: claims } = await jwtVerify(token, keysOf(server), {
    algorithms: ["ES256"],
    typ: "pv+jwt",
    issuer: expected.issuer ?? new URL(server).origin,
    audience: siteKey,
    requiredClaims: ["exp", "jti"],
    maxTokenAge: LONGEST_LIFE,
    clockTolerance: LEEWAY_SECONDS,
  }).catch((error) => {
    throw refusal(error);
  });
  if (claims.phone_number_verified !== true) throw new TokenError("invalid", "the number is not verified");
  demand("wrong_session", claims.nonce, expected.nonce);
  demand("wrong_purpose", claims.purpose, expected.purpose);
  demand("wrong_subject", claims.sub, expected.subject);
  if (expected.numberIndex !== undefined) demand("wrong_number", claims.phone_number_index, expected.numberIndex);
  if (secret !== undefined) await redeemToken(token, { server, siteKey, secret });
  return claims;
}

/** Uses a token up: of any number of times, one succeeds. Resolves to the claims, which the server has checked as well. */
export async function redeemToken(token, { server, siteKey, secret }) {
  const credentials = new TextEncoder().encode(`${siteKey}:${secret}`);
  const answer = await fetch(new URL("/v1/tokens/redeem", server), {
    method: "POST",
    headers: { authorization: `Basic ${btoa(String.fromCharCode(...credentials))}`, "content-type": "application/json" },
    body: JSON.stringify({ token }),
    redirect: "error",
    signal: AbortSignal.timeout(TIME_OUT_MS),
  }).catch((cause) => {
    throw new TokenError("unavailable", "the phone-verify server cannot be asked", { cause });
  });
  if (answer.status === 409) throw new TokenError("used", "used before");
  if (answer.status === 422) throw new TokenError("invalid", "the phone-verify server does not take it");
  if (answer.status !== 200) throw new TokenError("unavailable", `the phone-verify server answered ${answer.status}`);
  return answer.json();
}

/** What `verifyToken` takes for a claim that may say anything. */
export const any = Symbol("any");

// One set for each server and process: many tokens, one fetch.
function keysOf(server) {
  const url = new URL("/.well-known/jwks.json", server);
  let keys = keySets.get(url.href);
  if (!keys) {
    keys = createRemoteJWKSet(url, { cacheMaxAge: KEYS_KEPT_MS, cooldownDuration: BETWEEN_FETCHES_MS, timeoutDuration: TIME_OUT_MS });
    keySets.set(url.href, keys);
  }
  return keys;
}

function demand(code, claim, expected) {
  if (expected === any || (expected === null ? claim === undefined : typeof claim === "string" && claim === expected)) return;
  throw new TokenError(code, `the token is for another ${code.slice("wrong_".length)}`);
}

function refusal(cause) {
  if (cause instanceof errors.JWTExpired) return new TokenError("expired", "expired", { cause });
  if (cause instanceof errors.JWTClaimValidationFailed && cause.claim === "aud") {
    return new TokenError("wrong_site", "the token is for another site", { cause });
  }
  // jose's own word for a key set that is not to be had is the general error; fetch has errors of its own.
  const aboutKeys = !(cause instanceof errors.JOSEError) || cause instanceof errors.JWKSTimeout || cause.code === "ERR_JOSE_GENERIC";
  if (aboutKeys) return new TokenError("unavailable", "the phone-verify server's keys cannot be had", { cause });
  return new TokenError("invalid", "not a valid token", { cause });
}
