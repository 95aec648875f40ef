// The whole of phone verification on this server: check a token offline, then redeem it, once.
import { timingSafeEqual } from "node:crypto";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";

export const SERVER = process.env.PHONE_VERIFY_URL ?? "http://127.0.0.1:3000";
export const SITE_KEY = process.env.PHONE_VERIFY_SITE_KEY ?? "demo";
const SITE_SECRET = process.env.PHONE_VERIFY_SITE_SECRET ?? "demo-secret";

// Kept for five minutes; a token of an unknown key has them fetched anew, every 30 s at most.
const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", SERVER), { cacheMaxAge: 300_000, cooldownDuration: 30_000 });

/** The token proves nothing here; the message says why. */
export class Refused extends Error {}

/** The phone-verify server cannot be asked, so nothing is known. */
export class Unavailable extends Error {}

/** The claims of a token of this site for this session and purpose, and for this number's index where one is known. */
export async function verify(token, { nonce, purpose, number }) {
  const { payload: claims } = await jwtVerify(token, keys, {
    algorithms: ["ES256"],
    typ: "pv+jwt",
    issuer: SERVER,
    audience: SITE_KEY,
    requiredClaims: ["exp", "jti"],
    maxTokenAge: "1h",
    clockTolerance: 60,
  }).catch((error) => {
    throw refusal(error);
  });
  if (claims.phone_number_verified !== true) throw new Refused("not valid");
  if (!same(claims.nonce, nonce)) throw new Refused("for another session");
  if (claims.purpose !== purpose) throw new Refused("for another purpose");
  if (number !== undefined && claims.phone_number_index !== number) throw new Refused("for another number");
  return claims;
}

/** Uses the token up. Only the server knows whether that has been done before, so it is asked last. */
export async function redeem(token) {
  const answer = await fetch(new URL("/v1/tokens/redeem", SERVER), {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${SITE_KEY}:${SITE_SECRET}`).toString("base64")}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ token }),
    redirect: "error",
    signal: AbortSignal.timeout(5_000),
  }).catch((cause) => {
    throw new Unavailable("no answer", { cause });
  });
  await answer.body?.cancel();
  if (answer.status === 409) throw new Refused("used before");
  if (answer.status === 422) throw new Refused("not valid");
  if (answer.status !== 200) throw new Unavailable(`answer ${answer.status}`);
}

function refusal(error) {
  if (error instanceof errors.JWTExpired) return new Refused("expired");
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === "aud") return new Refused("for another site");
  // jose's own word for a key set that is not to be had is the general error; fetch has errors of its own.
  const aboutKeys = !(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout || error.code === "ERR_JOSE_GENERIC";
  return aboutKeys ? new Unavailable("no keys", { cause: error }) : new Refused("not valid");
}

function same(claim, expected) {
  const [one, other] = [claim, expected].map((value) => Buffer.from(String(value)));
  return one.length === other.length && timingSafeEqual(one, other);
}
