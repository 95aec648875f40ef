/** What a token says: docs/tokens.md. */
export interface Claims {
  iss: string;
  aud: string;
  /** Which of your users, with a session. */
  sub?: string;
  nonce?: string;
  jti: string;
  /** Seconds since 1970. */
  iat: number;
  exp: number;
  /** E.164, where the site's tokens carry it. */
  phone_number?: string;
  /** The number's keyed hash: the same for the same number on the same site. */
  phone_number_index: string;
  phone_number_verified: true;
  phone_verified_at: number;
  amr: string[];
  purpose?: string;
  country: string;
  origin?: string;
}

/** Where tokens come from, and for which site. */
export interface Site {
  /** Your phone-verify server, as in `https://verify.example.com`. */
  server: string | URL;
  siteKey: string;
}

/** What `verifyToken` takes for a claim that may say anything. */
export const any: unique symbol;

/** What a token must say. There is no default that lets one of another session or form pass. */
export interface Expected extends Site {
  /** The one that this browser session's page was given; `null`: none. */
  nonce: string | null | typeof any;
  /** What the form is for; `null`: nothing. */
  purpose: string | null | typeof any;
  /** The user whom your server began the session for; `null`: nobody. */
  subject: string | null | typeof any;
  /** The `phone_number_index` that you know already. */
  numberIndex?: string;
  /** The tokens' `iss`, where the server's public URL is another address than `server`. */
  issuer?: string;
  /** The site secret. With it the token is redeemed as well, last of all: it works once. */
  secret?: string;
}

/** Why a token is not taken. At `unavailable` the server could not be asked, so nothing is known: do not go on. */
export class TokenError extends Error {
  constructor(code: TokenError["code"], message: string, options?: ErrorOptions);
  readonly code:
    | "missing"
    | "invalid"
    | "expired"
    | "wrong_site"
    | "wrong_session"
    | "wrong_purpose"
    | "wrong_subject"
    | "wrong_number"
    | "used"
    | "unavailable";
}

/**
 * Checks a token offline, by the server's published keys, and redeems it where a secret is given.
 *
 * The keys are kept for five minutes; an unknown one has them fetched anew, every ten seconds at most.
 *
 * @throws {TokenError} it is not taken
 * @throws {TypeError} it is not said what to expect
 */
export function verifyToken(token: string | null | undefined, expected: Expected): Promise<Claims>;

/**
 * Uses a token up: of any number of times, one succeeds.
 *
 * @throws {TokenError} `used`, `invalid` or `unavailable`
 */
export function redeemToken(token: string, site: Site & { secret: string }): Promise<Claims>;
