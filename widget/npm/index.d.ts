/** What the element shows. */
export type State = "loading" | "number" | "sending" | "code" | "checking" | "verified" | "exhausted" | "expired" | "failed";

/** How a code is sent. */
export type Channel = "sms" | "call";

/** What has become of a message or a call. */
export interface Delivery {
  state: "sending" | "accepted" | "delivered" | "undelivered" | "rejected" | "not_sent" | "unknown";
  reason?: "unreachable" | "not_textable" | "opted_out" | "blocked" | "filtered" | "not_served" | "busy" | "no_answer" | "sender";
}

/** A verification, as the server shows it. Waits are seconds; one that is null does not come. */
export interface Verification {
  id: string;
  status: "pending" | "approved" | "exhausted" | "expired" | "canceled";
  channel: Channel;
  /** The number, all but its end masked. */
  to: string;
  code_length: number;
  attempts_left: number;
  sends_left: number;
  next_sms_in: number | null;
  next_call_in: number | null;
  next_check_in: number | null;
  expires_in: number | null;
  delivery?: Delivery | null;
}

/** What the callback gets. It proves nothing before your server has checked the token. */
export interface Result {
  token: string;
  verification: Verification;
}

/** The attributes in camelCase. */
export interface Options {
  siteKey: string;
  api?: string;
  session?: string;
  tokenNonce?: string;
  purpose?: string;
  /** ISO 3166 alpha-2. */
  country?: string;
  countries?: string | readonly string[];
  channels?: string | readonly Channel[];
  /** BCP 47. */
  locale?: string;
  theme?: "auto" | "light" | "dark";
  appearance?: "normal" | "compact" | "card";
  /** Of the hidden field. */
  name?: string;
  /** A function, or the name of a global one. */
  callback?: string | ((result: Result) => void);
  auto?: boolean;
  shadow?: boolean;
  disabled?: boolean;
  terms?: string;
  token?: string;
}

/** What the element and a handle have in common. */
export interface Handle {
  readonly state: State;
  readonly token: string;
  reset(): void;
  remove(): void;
  focus(): void;
}

/** `<phone-verify>`. */
export interface PhoneVerifyElement extends HTMLElement {
  readonly state: State;
  get token(): string;
  set token(token: string | null);
  get callback(): string | ((result: Result) => void) | null;
  set callback(callback: string | ((result: Result) => void) | null);
  reset(): void;
}

/** The global `phoneVerify`. */
export interface PhoneVerify {
  /** Puts a widget into an element, in place of what is there. */
  render(target: Element | string, options: Options): Handle;
  /** Renders every `div.phone-verify` that has no widget yet. */
  scan(within?: ParentNode): void;
}

/** The details of the element's events. */
export interface EventDetails {
  "phone-verify:ready": Record<string, never>;
  "phone-verify:state": { state: State; previous: State };
  "phone-verify:sent": { channel: Channel; verification: Verification };
  "phone-verify:verified": Result;
  "phone-verify:error": { code: string; message: string; retry_in: number | null };
  "phone-verify:expired": { what: "verification" | "token" };
}

/** The element's events; they bubble and cross shadow roots. */
export type Events = { [Name in keyof EventDetails]: CustomEvent<EventDetails[Name]> };

/** The attributes as they are written in HTML. */
export interface Attributes {
  "site-key": string;
  api?: string;
  session?: string;
  "token-nonce"?: string;
  purpose?: string;
  country?: string;
  countries?: string;
  channels?: string;
  locale?: string;
  theme?: Options["theme"];
  appearance?: Options["appearance"];
  name?: string;
  callback?: Options["callback"];
  auto?: boolean | "";
  shadow?: boolean | "";
  disabled?: boolean | "";
  terms?: string;
  token?: string;
}

/**
 * Makes `<phone-verify>` known to the page and resolves to `phoneVerify`.
 *
 * @param server the origin of your phone-verify server, as in `https://verify.example.com`
 */
export function load(server: string | URL): Promise<PhoneVerify>;

declare global {
  interface HTMLElementTagNameMap {
    "phone-verify": PhoneVerifyElement;
  }
  interface HTMLElementEventMap extends Events {}
  interface DocumentEventMap extends Events {}
  interface WindowEventMap extends Events {}
  interface Window {
    phoneVerify?: PhoneVerify;
  }
}
