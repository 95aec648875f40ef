import type { Page } from "@playwright/test";
import { expect, heard, hears, test, wrong } from "../fixtures";

interface Stub {
  /** What each call asked for, and whether it has been given up. */
  asked: { transport: string[]; aborted: boolean }[];
  /** Hands a code to the newest call. */
  give(code: string): void;
}
const stub = (page: Page) => page.evaluate(() => (window as unknown as { otp: Stub }).otp.asked);
const give = (page: Page, code: string) => page.evaluate((code) => (window as unknown as { otp: Stub }).otp.give(code), code);

test.beforeEach(async ({ page }) => {
  // No Chromium without a phone reads messages: this is its interface.
  await page.addInitScript(() => {
    const otp: Stub = { asked: [], give: () => undefined };
    Object.assign(window, { otp, OTPCredential: class {} });
    navigator.credentials.get = (options) => {
      const { otp: wanted, signal } = options as { otp: { transport: string[] }; signal: AbortSignal };
      const call = { transport: wanted.transport, aborted: false };
      otp.asked.push(call);
      return new Promise((resolve, reject) => {
        otp.give = (code) => resolve({ type: "otp", id: "", code } as Credential);
        signal.addEventListener("abort", () => {
          call.aborted = true;
          reject(signal.reason);
        });
      });
    };
  });
});

test("a code that the browser reads is put in and checked; nobody presses anything", async ({ page, open, server, phone }) => {
  const widget = await open("form");
  await hears(page, "phone-verify:ready");
  expect(await stub(page), "before a code is expected").toEqual([]);
  await widget.requestPin(phone);
  await expect.poll(() => stub(page)).toEqual([{ transport: ["sms"], aborted: false }]);
  await give(page, await server.codeFor(phone));
  await widget.expectVerified();
  expect(await heard(page, "callback")).toHaveLength(1);
});

test("a wrong one is said in words, and the next message is waited for", async ({ page, open, server, phone }) => {
  const widget = await open("form");
  await widget.requestPin(phone);
  const code = await server.codeFor(phone);
  await expect.poll(() => stub(page)).toHaveLength(1);
  await give(page, wrong(code));
  await widget.expectError(widget.pin, /wrong/);
  await expect.poll(() => stub(page)).toHaveLength(2);
  await widget.expectWaiting(widget.verify, false);
  await give(page, code);
  await widget.expectVerified();
});

test("the wait is given up with the step and with the widget", async ({ page, open, phone }) => {
  const widget = await open("form");
  await widget.requestPin(phone);
  await expect.poll(() => stub(page)).toHaveLength(1);
  await widget.changeNumber.click();
  await expect.poll(async () => (await stub(page))[0]?.aborted).toBe(true);
  await widget.getPin.click();
  await widget.expectWaiting(widget.getPin, false).catch(() => undefined);
  await page.evaluate(() => document.getElementById("phone")!.remove());
  await expect.poll(async () => (await stub(page)).every(({ aborted }) => aborted)).toBe(true);
});

test("typed by hand, a code is checked by no one but who typed it", async ({ page, open, server, phone }) => {
  const widget = await open("form");
  await widget.requestPin(phone);
  await widget.pin.fill(await server.codeFor(phone));
  await page.waitForTimeout(500);
  await widget.expectState("code");
});
