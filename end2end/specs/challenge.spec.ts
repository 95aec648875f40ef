import { expect, hears, test, Widget } from "../fixtures";

/** Every start has to be worked for. */
test.use({ settings: { PHONE_VERIFY__CHALLENGE__MODE: "always" } });

test("proof of work is done in the page, under the strict policy, and its script is fetched only then", async ({ page, open, server, phone }) => {
  const scripts: string[] = [];
  page.on("response", (response) => {
    if (/phone-verify-solve-[0-9a-f]+\.js$/.test(response.url())) scripts.push(response.url());
  });
  const widget = await open("form");
  await expect(widget.getPin).toBeEnabled();
  expect(scripts).toHaveLength(0);

  await widget.requestPin(phone);
  const sent = await hears(page, "phone-verify:sent");
  expect(sent.detail.verification.status).toBe("pending");
  expect(scripts).toHaveLength(1);

  await widget.enterPin(await server.codeFor(phone));
  await widget.expectVerified();
});

test("while it is done the page answers: the work itself is beside the main thread", async ({ page, open, server, phone }) => {
  const widget = await open("form");
  await expect(widget.getPin).toBeEnabled();
  await page.evaluate(() => {
    const tasks: number[] = [];
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask" });
    Object.assign(window, { tasks });
  });
  await widget.requestPin(phone);
  await server.codeFor(phone);
  // A long task is one of 50 ms or more; the press itself may be one on a loaded machine.
  const tasks = await page.evaluate(() => (window as unknown as { tasks: number[] }).tasks);
  expect(tasks.length).toBeLessThanOrEqual(1);
});

test("the server's own page does the same through its server functions", async ({ page, server, phone }) => {
  await page.goto(`${server.url}/`);
  const widget = new Widget(page, page.locator("main"));
  await widget.requestPin(phone);
  await widget.enterPin(await server.codeFor(phone));
  await widget.expectVerified();
});

test("a page that goes away in the middle of the work sends nothing", async ({ page, open, server, phone }) => {
  const widget = await open("form");
  const fetched = page.waitForRequest(/phone-verify-solve-/);
  await page.route(/phone-verify-solve-/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await route.continue();
  });
  await widget.number.fill(phone);
  await widget.getPin.click();
  await fetched;
  await page.evaluate(() => document.querySelector("phone-verify")?.remove());
  // Long enough for the script, the work and a start, if one were made.
  await page.waitForTimeout(3_000);
  expect(await server.sentTo(phone)).toHaveLength(0);
});
