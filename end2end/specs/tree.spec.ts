import { expect, hears, test, Widget, wrong } from "../fixtures";

test.use({ settings: { PHONE_VERIFY__LIMITS__CHECKS__PACING_FACTOR: "0s" } });

// Numbers that no other test uses: the end of a number is part of the tree.
const [FIRST, SECOND, THIRD] = ["+12295550141", "+12295550142", "+12295550143"] as const;

/** The accessibility tree as assistive technology gets it; a change of it is a change of the product. */
async function expectTree(widget: Widget, state: string): Promise<void> {
  await expect(widget.root, state).toMatchAriaSnapshot({ name: `${state}.aria.yml` });
}

test("from the number to the verified number", async ({ page, open, server }) => {
  test.slow();
  const widget = await open("form?attributes=countries=US,CA");
  await hears(page, "phone-verify:ready");
  await expectTree(widget, "number");
  await widget.country.click();
  await expectTree(widget, "countries");
  await page.keyboard.press("Escape");
  await widget.number.fill("+1 229 555");
  await widget.getPin.click();
  await expect(widget.alert).toHaveText(/\w/);
  await expectTree(widget, "number-wrong");

  let answer = () => {};
  const held = async (path: string) => {
    const may = new Promise<void>((resolve) => (answer = resolve));
    await page.route(path, async (route) => {
      await may;
      await route.continue();
    });
  };
  await held("**/v1/verifications");
  await widget.number.fill(FIRST);
  await widget.getPin.click();
  await widget.expectState("sending");
  await expectTree(widget, "sending");
  answer();
  await expect(widget.pin).toBeVisible();
  // The next sending's wait would count down in the tree.
  await widget.expectWaiting(widget.sendAgain, false);
  await expectTree(widget, "code");
  const code = await server.codeFor(FIRST);
  await widget.enterPin(wrong(code));
  await expect(widget.alert).toHaveText(/\w/);
  await expectTree(widget, "code-wrong");
  await held("**/v1/verifications/*/check");
  await widget.enterPin(code);
  await widget.expectState("checking");
  await expectTree(widget, "checking");
  answer();
  await widget.expectVerified();
  await expectTree(widget, "verified");
});

test("before the program is there, and when it does not come", async ({ page, host, console }) => {
  console.expect(/^Failed to load resource: net::ERR_/);
  let refuse = () => {};
  const may = new Promise<void>((resolve) => (refuse = resolve));
  await page.route("**/embed/v1/*.wasm", async (route) => {
    await may;
    await route.abort();
  });
  await page.goto(host.page("form?attributes=country=US"));
  const widget = new Widget(page, page.locator("#phone"));
  await expect(widget.getPin).toBeVisible();
  await expectTree(widget, "loading");
  refuse();
  await widget.expectState("failed");
  await expectTree(widget, "failed");
});

test("no more checks", async ({ open, server }) => {
  const widget = await open("form");
  await widget.requestPin(SECOND);
  const code = await server.codeFor(SECOND);
  for (let check = 0; check < 5; check += 1) {
    await widget.expectWaiting(widget.verify, false);
    await widget.enterPin(wrong(code));
    if (check < 4) await expect(widget.alert).toHaveText(check < 3 ? new RegExp(`\\b${4 - check}\\b`) : /once/);
  }
  await widget.expectState("exhausted");
  await expectTree(widget, "exhausted");
});

test("no more time", async ({ page, open }) => {
  // The page's clock alone: the timers go on.
  await page.addInitScript(() => {
    const now = Date.now;
    let shift = 0;
    Date.now = () => now() + shift;
    Object.assign(window, { later: (milliseconds: number) => (shift += milliseconds) });
  });
  const widget = await open("form");
  await widget.requestPin(THIRD);
  await page.evaluate(() => (window as unknown as { later(milliseconds: number): void }).later(11 * 60_000));
  await widget.expectState("expired");
  await expectTree(widget, "expired");
});
