// Read by tsc alone: what authors may write, and what they are kept from.
import { load, type EventDetails, type PhoneVerify } from "phone-verify";
import "phone-verify/jsx";
import { any, TokenError, verifyToken } from "phone-verify/server";

export async function uses(): Promise<void> {
  const phoneVerify: PhoneVerify = await load("https://verify.example.com");
  const handle = phoneVerify.render(document.body, { siteKey: "demo", auto: true, channels: ["call", "sms"], theme: "dark" });
  handle.reset();
  // @ts-expect-error: a widget belongs to a site.
  phoneVerify.render("#here", {});
  // @ts-expect-error: there is no such theme.
  phoneVerify.render("#here", { siteKey: "demo", theme: "blue" });
  // @ts-expect-error: only the widget changes its state.
  handle.state = "verified";

  const element = document.querySelector("phone-verify");
  if (element) {
    element.callback = ({ token, verification }) => console.log(token, verification.attempts_left);
    element.token = null;
    element.addEventListener("phone-verify:error", ({ detail }) => console.log(detail.code, detail.retry_in));
    // @ts-expect-error: an error has no token.
    element.addEventListener("phone-verify:error", ({ detail }) => console.log(detail.token));
  }
  const expired: EventDetails["phone-verify:expired"] = { what: "token" };
  console.log(expired);
}

export async function onTheServer(token: string): Promise<string> {
  const site = { server: "https://verify.example.com", siteKey: "demo" };
  try {
    const claims = await verifyToken(token, { ...site, nonce: "of-the-page", purpose: null, subject: any });
    return claims.phone_number_index;
  } catch (error) {
    // @ts-expect-error: there is no such reason.
    if (error instanceof TokenError && error.code === "bored") return "";
  }
  // @ts-expect-error: it is not said which purpose.
  return (await verifyToken(token, { ...site, nonce: null, subject: null })).jti;
}

export const good = <phone-verify id="phone" site-key="demo" appearance="card" auto />;
// @ts-expect-error: a widget belongs to a site.
export const siteless = <phone-verify />;
// @ts-expect-error: there is no such attribute.
export const unknown = <phone-verify site-key="demo" colour="red" />;
