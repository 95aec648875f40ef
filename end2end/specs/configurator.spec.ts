import type { Page } from "@playwright/test";
import { expect, test, Widget } from "../fixtures";
import { pageFaults } from "../fixtures/axe";

/** The widget in the page's frame. */
function previewed(page: Page): Widget {
  return new Widget(page, page.frameLocator("iframe").locator("phone-verify"));
}

const lines = (page: Page) => page.getByLabel("HTML", { exact: true });

test.describe("the configurator", () => {
  test.beforeEach(async ({ page, server }) => {
    await page.goto(`${server.url}/`);
    await page.getByRole("link", { name: "Choose its looks" }).click();
    await expect(page.getByRole("button", { name: "Copy the HTML" })).toBeVisible();
    await previewed(page).expectState("number");
  });

  test("shows the real widget as it is chosen, and the whole job works in it", async ({ page, server, phone }) => {
    await page.getByLabel("Appearance").selectOption("Card");
    await page.getByLabel("Theme").selectOption("Dark");
    await page.getByLabel("Skin").selectOption("Harbor");
    await page.getByLabel("A consent line").check();
    await page.getByLabel("Its words").fill("Je \"veux\" <b>bien</b> & c'est tout");
    await page.getByLabel("Country to begin with").fill("US");
    await page.getByLabel("Country to begin with").blur();

    const widget = previewed(page);
    await expect(widget.root).toHaveAttribute("terms", "Je \"veux\" <b>bien</b> & c'est tout");
    await expect(widget.root).toHaveAttribute("appearance", "card");
    await expect(widget.getPin).toHaveCSS("background-color", "rgb(127, 214, 200)");
    await widget.requestPin(phone);
    await widget.enterPin(await server.codeFor(phone));
    await widget.expectVerified();
  });

  test("what it shows stays over a reload, and is no step back for the browser", async ({ page, server }) => {
    const entries = await page.evaluate(() => history.length);
    await page.getByLabel("Appearance").selectOption("Compact");
    await page.getByLabel("Check as the last digit is in").check();
    await expect(previewed(page).root).toHaveAttribute("auto", "");
    expect(await page.evaluate(() => history.length)).toBe(entries);
    await page.reload();
    await expect(page.getByLabel("Appearance")).toHaveValue("compact");
    await expect(page.getByLabel("Check as the last digit is in")).toBeChecked();
    await expect(previewed(page).root).toHaveAttribute("appearance", "compact");
    await page.goBack();
    await expect(page).toHaveURL(`${server.url}/`);
  });

  test("copies the lines, which do on another page what the frame shows", async ({ page, context, host, server, phone }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByLabel("Appearance").selectOption("Card");
    await page.getByLabel("A consent line").check();
    await page.getByLabel("Its words").fill("Yes & \"no\"");
    await page.getByLabel("Callback").fill("done");
    await page.getByLabel("Name of the form's field").fill("proof");
    await page.getByRole("button", { name: "Copy the HTML" }).click();
    await expect(page.getByText("Copied.")).toBeVisible();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(await lines(page).textContent());

    const body = copied.replace("// send result.token", "window.token = result.token; //");
    await page.goto(host.offer(`<!doctype html><title>Made</title><link rel="icon" href="data:,">${body}`));
    const widget = new Widget(page, page.locator("phone-verify"));
    await expect(widget.root.getByText('Yes & "no"')).toBeVisible();
    await widget.requestPin(phone);
    await widget.enterPin(await server.codeFor(phone));
    await widget.expectVerified();
    const token = await page.locator('input[name="proof"]').inputValue();
    expect(token.split(".")).toHaveLength(3);
    expect(await page.evaluate(() => (window as unknown as { token: string }).token)).toBe(token);
  });

  for (const colorScheme of ["light", "dark"] as const) {
    test(`axe-core finds nothing wrong, nothing sticks out at 320 pixels, ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.getByLabel("Skin").selectOption("Bloom");
      await expect(page.getByLabel("CSS", { exact: true })).toContainText("--pv-accent");
      expect(await pageFaults(page)).toEqual([]);
      await page.setViewportSize({ width: 320, height: 700 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
      expect(await pageFaults(page)).toEqual([]);
    });
  }
});

test("without JavaScript the form shows the lines for what is chosen", async ({ browser, server }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${server.url}/configurator`);
  await expect(page.getByRole("button", { name: "Copy the HTML" })).toBeHidden();
  await page.getByLabel("Appearance").selectOption("Compact");
  await page.getByLabel("In a shadow root").check();
  await page.getByLabel("Purpose").fill("order");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(lines(page)).toContainText('appearance="compact"');
  await expect(lines(page)).toContainText("shadow");
  await expect(lines(page)).toContainText('purpose="order"');
  await expect(page.getByLabel("Appearance")).toHaveValue("compact");
  await context.close();
});

test("nobody else's page may frame the preview, and no page of the configurator needs anything inline", async ({ page, server }) => {
  const policy = async (path: string) => (await page.request.get(server.url + path)).headers()["content-security-policy"] ?? "";
  expect(await policy("/configurator/preview?site-key=demo")).toContain("frame-ancestors 'self'");
  expect(await policy("/configurator")).toContain("frame-ancestors 'none'");
  expect(await policy("/configurator")).toContain("frame-src 'self'");
  expect(await policy("/")).not.toContain("frame-src");
  for (const path of ["/configurator", "/configurator/preview"]) expect(await policy(path)).not.toContain("unsafe-inline");
});
