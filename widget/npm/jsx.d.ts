import type { Attributes } from "./index.js";

/** `<phone-verify>` in JSX: its attributes, and what every element takes. */
export interface PhoneVerifyIntrinsicElements {
  "phone-verify": Attributes & { id?: string; class?: string; className?: string; key?: string | number; ref?: unknown };
}

declare global {
  namespace JSX {
    interface IntrinsicElements extends PhoneVerifyIntrinsicElements {}
  }
}
