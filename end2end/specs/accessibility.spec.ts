import { expect, hears, test, wrong } from "../fixtures";

test.use({ settings: { PHONE_VERIFY__LIMITS__CHECKS__PACING_FACTOR: "0s" } });

test("the whole job by keyboard alone; the focus is always on something of the widget", async ({ page, open, server, phone }) => {
  const widget = await open("styled");
  await hears(page, "phone-verify:ready");
  const held = () => widget.root.evaluate((root) => root.contains(document.activeElement));
  await page.keyboard.press("Tab");
  await expect(widget.country).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.type("united k");
  await expect(widget.root.getByRole("option")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(widget.country).toHaveText(/United Kingdom/);
  expect(await held(), "after the choice of a country").toBe(true);
  await expect(widget.number).toBeVisible();
  while (!(await widget.number.evaluate((field) => field === document.activeElement))) await page.keyboard.press("Tab");
  await page.keyboard.type(phone);
  await page.keyboard.press("Enter");
  await expect(widget.pin).toBeFocused();
  const code = await server.codeFor(phone);
  await page.keyboard.type(wrong(code));
  await page.keyboard.press("Enter");
  await expect(widget.alert).toHaveText(/\w/);
  expect(await held(), "after a wrong PIN").toBe(true);
  await expect(widget.pin).toBeFocused();
  await page.keyboard.press("Control+a");
  await page.keyboard.type(code);
  await page.keyboard.press("Enter");
  await widget.expectVerified();
  expect(await held(), "at the end").toBe(true);
});

test("what has happened is said in one live region", async ({ open, server, phone }) => {
  const widget = await open("styled");
  await expect(widget.status).toHaveCount(1);
  await widget.requestPin(phone);
  await expect(widget.status).toHaveCount(1);
  await expect(widget.status).toHaveText(/\w/);
  await widget.enterPin(await server.codeFor(phone));
  await expect(widget.status).toHaveText(/Phone number verified/);
});

test.describe("320 pixels wide, which is 400 % zoom", () => {
  test.use({ viewport: { width: 320, height: 480 } });

  test("nothing has to be scrolled sideways and nothing is cut off", async ({ page, open, phone }) => {
    const widget = await open("styled?attributes=appearance=card");
    const overflow = () =>
      widget.root.evaluate((root) => [
        document.documentElement.scrollWidth - document.documentElement.clientWidth,
        ...[...root.querySelectorAll<HTMLElement>("button, p, label, input")].filter((part) => part.getBoundingClientRect().right > innerWidth || part.getBoundingClientRect().left < 0).map((part) => part.outerHTML),
      ]);
    await hears(page, "phone-verify:ready");
    expect(await overflow()).toEqual([0]);
    await widget.country.click();
    expect(await overflow()).toEqual([0]);
    await page.keyboard.press("Escape");
    await widget.requestPin(phone);
    expect(await overflow()).toEqual([0]);
  });

  test("every target is 24 pixels or more each way", async ({ page, open, phone }) => {
    const widget = await open("styled");
    await hears(page, "phone-verify:ready");
    await widget.requestPin(phone);
    const small = await widget.root.evaluate((root) => [...root.querySelectorAll("button, input:not([type=hidden])")].map((target) => target.getBoundingClientRect()).filter(({ width, height }) => width < 24 || height < 24).length);
    expect(small).toBe(0);
  });
});

test("right to left, the widget is mirrored and its digits are not", async ({ page, open, phone }) => {
  const widget = await open("styled");
  await page.evaluate(() => (document.documentElement.dir = "rtl"));
  await hears(page, "phone-verify:ready");
  await widget.requestPin(phone);
  const { label, root } = await widget.root.evaluate((host) => {
    const inner = host.querySelector<HTMLElement>(".pv-root");
    const label = host.querySelector("label");
    return { root: inner?.getBoundingClientRect().right ?? 0, label: label?.getBoundingClientRect().right ?? 0 };
  });
  expect(root - label, "labels begin at the right edge").toBeLessThan(40);
  expect(await widget.pin.evaluate((field) => getComputedStyle(field).direction)).toBe("ltr");
});

for (const [reducedMotion, moves] of [
  ["reduce", false],
  ["no-preference", true],
] as const) {
  test(`with motion ${reducedMotion}, ${moves ? "buttons fade" : "nothing moves"}`, async ({ page, open, phone }) => {
    await page.emulateMedia({ reducedMotion });
    const widget = await open("styled");
    await hears(page, "phone-verify:ready");
    const moving = () =>
      widget.root.evaluate((root) =>
        [...root.querySelectorAll("*")].map((part) => getComputedStyle(part)).filter(({ animationName, transitionDuration }) => animationName !== "none" || !/^(0s(, )?)+$/.test(transitionDuration)).length,
      );
    expect((await moving()) > 0).toBe(moves);
    await widget.requestPin(phone);
    expect((await moving()) > 0).toBe(moves);
  });
}

test.describe("with colours forced by the system", () => {
  test.use({ contextOptions: { forcedColors: "active" } });

  test("fields and buttons keep a visible edge", async ({ page, open, phone }) => {
    const widget = await open("styled");
    await hears(page, "phone-verify:ready");
    for (const part of [widget.country, widget.number, widget.getPin]) {
      expect(await part.evaluate((element) => getComputedStyle(element).borderTopStyle)).toBe("solid");
    }
    await widget.requestPin(phone);
    for (const part of [widget.pin, widget.verify]) {
      expect(await part.evaluate((element) => getComputedStyle(element).borderTopStyle)).toBe("solid");
    }
  });
});
