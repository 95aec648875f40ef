import { fileURLToPath } from "node:url";
import { expect, freshNumber, type Server, SKINS, test, Widget, wrong } from "../fixtures";

test.use({
  settings: {
    PHONE_VERIFY__CODE__TTL: "20s",
    PHONE_VERIFY__LIMITS__CHECKS__PACING_FACTOR: "0s",
    PHONE_VERIFY__LIMITS__NUMBER__SPACING: "15s",
  },
});
const file = (name: string) => fileURLToPath(new URL(`../../docs/pictures/${name}.png`, import.meta.url));

/** The page's three widgets: a number typed, a PIN awaited, a number proved. */
async function threeSteps(first: Widget, server: Server): Promise<void> {
  const second = new Widget(first.page, first.page.locator("#second"));
  const third = new Widget(first.page, first.page.locator("#third"));
  const proved = freshNumber();
  await third.requestPin(proved);
  await third.enterPin(await server.codeFor(proved));
  await third.expectVerified();
  await second.requestPin(freshNumber());
  await first.number.fill("201 555 0123");
  // Nothing is pointed at.
  await first.page.mouse.move(0, 0);
}

for (const theme of ["light", "dark"] as const) {
  test.describe(`the widget, ${theme}`, () => {
    test.use({ colorScheme: theme });

    test("the three steps side by side", async ({ open, server, page }) => {
      await threeSteps(await open("pictures", "first"), server);
      await page.locator("body").screenshot({ path: file(theme === "light" ? "widget" : "widget-dark") });
    });

    test("each state", async ({ page, host, open, server, phone }) => {
      const shoot = (name: string) => widget.root.screenshot({ path: file(`${name}-${theme}`) });
      let widget = await open("pictures", "first");
      await widget.expectState("number");
      await shoot("number");
      await widget.country.click();
      await page.screenshot({ path: file(`countries-${theme}`), clip: { x: 0, y: 0, width: 400, height: 620 } });
      await page.keyboard.press("Escape");
      await widget.number.fill("+1 201 555");
      await widget.getPin.click();
      await expect(widget.alert).toHaveText(/\w/);
      await shoot("number-wrong");

      await widget.requestPin(phone);
      await shoot("code");
      const code = await server.codeFor(phone);
      await widget.enterPin(wrong(code));
      await expect(widget.alert).toHaveText(/\w/);
      await shoot("code-wrong");
      await widget.enterPin(code);
      await widget.expectVerified();
      await shoot("verified");

      await page.goto(host.page("pictures"));
      widget = new Widget(page, page.locator("#second"));
      const second = freshNumber();
      await widget.requestPin(second);
      const right = await server.codeFor(second);
      for (let check = 0; check < 5; check += 1) {
        await expect(widget.verify).not.toHaveAttribute("aria-disabled", "true");
        await widget.enterPin(wrong(right));
        // The words change with each check: the next one must not be typed into the answer of this one.
        if (check < 4) await expect(widget.alert).toHaveText(check < 3 ? new RegExp(`\\b${4 - check}\\b`) : /once/);
      }
      await widget.expectState("exhausted");
      await shoot("exhausted");

      widget = new Widget(page, page.locator("#third"));
      await widget.requestPin(freshNumber());
      await expect(widget.root).toHaveAttribute("data-state", "expired", { timeout: 25_000 });
      await shoot("expired");
    });

    for (const appearance of ["normal", "compact", "card"]) {
      test(`the code step, ${appearance}`, async ({ page, open, phone }) => {
        const widget = await open(`skin?style=page&attributes=appearance=${appearance}`);
        await widget.requestPin(phone);
        await page.locator("main").screenshot({ path: file(`${appearance}-${theme}`) });
      });
    }

    for (const skin of SKINS) {
      test(`the skin ${skin}`, async ({ open, server, page }) => {
        await threeSteps(await open(`pictures?style=${skin}`, "first"), server);
        await page.locator("body").screenshot({ path: file(`skin-${skin}-${theme}`) });
      });
    }
  });
}
