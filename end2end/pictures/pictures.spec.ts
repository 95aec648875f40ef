import { fileURLToPath } from "node:url";
import { expect, freshNumber, Server, test as base, Widget, wrong } from "../fixtures";

const test = base.extend<object, { server: Server }>({
  server: [
    async ({}, use) => {
      const server = await Server.start({
        PHONE_VERIFY__CODE__TTL: "20s",
        PHONE_VERIFY__LIMITS__CHECKS__PACING_FACTOR: "0s",
        PHONE_VERIFY__LIMITS__NUMBER__SPACING: "15s",
      });
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
});
const file = (name: string) => fileURLToPath(new URL(`../../docs/pictures/${name}.png`, import.meta.url));

for (const theme of ["light", "dark"] as const) {
  test.describe(`the widget, ${theme}`, () => {
    test.use({ colorScheme: theme });

    test("the three steps side by side", async ({ page, open, server, phone }) => {
      const first = await open("pictures", "first");
      const second = new Widget(page, page.locator("#second"));
      const third = new Widget(page, page.locator("#third"));
      await third.requestPin(phone);
      await third.enterPin(await server.codeFor(phone));
      await third.expectVerified();
      await second.requestPin(freshNumber());
      await first.number.fill("201 555 0123");
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

    for (const appearance of ["normal", "compact"]) {
      test(`the code step, ${appearance}`, async ({ open, phone }) => {
        const widget = await open(`form?attributes=appearance=${appearance}`);
        await widget.requestPin(phone);
        await widget.root.screenshot({ path: file(`${appearance}-${theme}`) });
      });
    }
  });
}
