import { expect, freshNumber, hears, test, Widget, wrong } from "../fixtures";
import { faults } from "../fixtures/axe";

test.use({
  settings: {
    PHONE_VERIFY__LIMITS__CHECKS__PACING_FACTOR: "0s",
    PHONE_VERIFY__LIMITS__CHECKS__PER_VERIFICATION: "2",
  },
});

const none = async (widget: Widget, step: string) => expect(await faults(widget), step).toEqual([]);

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`${colorScheme}, 320 pixels wide`, () => {
    test.use({ colorScheme, viewport: { width: 320, height: 720 }, contextOptions: { reducedMotion: "reduce" } });

    for (const direction of ["ltr", "rtl"] as const) {
      test(`axe-core finds nothing wrong in any state, ${direction}`, async ({ page, host, server, console }) => {
        test.slow();
        console.expect(/^Failed to load resource: net::ERR_/);
        await page.addInitScript((direction) => {
          document.addEventListener("DOMContentLoaded", () => (document.documentElement.dir = direction));
          // The page's clock alone: the timers go on.
          const now = Date.now;
          let shift = 0;
          Date.now = () => now() + shift;
          Object.assign(window, { later: (milliseconds: number) => (shift += milliseconds) });
        }, direction);
        let go = () => {};
        /** Holds the next request to this path until `go` is called. */
        const hold = async (path: string, abort = false) => {
          const may = new Promise<void>((resolve) => (go = resolve));
          const times = { times: 1 };
          await page.route(path, async (route) => (await may, abort ? route.abort() : route.continue()), times);
        };
        const widget = new Widget(page, page.locator("#phone"));

        await hold("**/embed/v1/*.wasm");
        await page.goto(host.page("styled?attributes=appearance=card"));
        await expect(widget.getPin).toBeVisible();
        await none(widget, "loading");
        go();
        await hears(page, "phone-verify:ready");
        await none(widget, "number");
        await widget.country.click();
        await none(widget, "countries");
        await page.keyboard.press("Escape");
        await widget.number.fill("+1 201 555");
        await widget.getPin.click();
        await expect(widget.alert).toHaveText(/\w/);
        await none(widget, "number, wrong");

        const first = freshNumber();
        await hold("**/v1/verifications");
        await widget.number.fill(first);
        await widget.getPin.click();
        await widget.expectState("sending");
        await none(widget, "sending");
        go();
        await expect(widget.pin).toBeVisible();
        await none(widget, "code");
        const code = await server.codeFor(first);
        await widget.enterPin(wrong(code));
        await expect(widget.alert).toHaveText(/\w/);
        await none(widget, "code, wrong");
        await hold("**/v1/verifications/*/check");
        await widget.enterPin(code);
        await widget.expectState("checking");
        await none(widget, "checking");
        go();
        await widget.expectVerified();
        await none(widget, "verified");

        const start = async (number: string) => {
          await widget.root.evaluate((element) => (element as HTMLElement & { reset(): void }).reset());
          await widget.requestPin(number);
        };
        const second = freshNumber();
        await start(second);
        const wrongCode = wrong(await server.codeFor(second));
        await widget.enterPin(wrongCode);
        await expect(widget.alert).toHaveText(/once/);
        await widget.enterPin(wrongCode);
        await widget.expectState("exhausted");
        await none(widget, "exhausted");

        await start(freshNumber());
        await page.evaluate(() => (window as unknown as { later(milliseconds: number): void }).later(11 * 60_000));
        await widget.expectState("expired");
        await none(widget, "expired");

        await hold("**/embed/v1/*.wasm", true);
        await page.reload();
        go();
        await widget.expectState("failed");
        await none(widget, "failed");
      });
    }
  });

  for (const attributes of ["", "appearance=compact", "shadow", "terms"]) {
    test.describe(`${colorScheme} ${attributes}`, () => {
      test.use({ colorScheme, contextOptions: { reducedMotion: "reduce" } });

      test("axe-core finds nothing wrong in any step", async ({ page, open, server, phone }) => {
        const widget = await open(`styled?attributes=${attributes}`);
        await hears(page, "phone-verify:ready");
        await none(widget, "number");
        await widget.country.click();
        await none(widget, "countries");
        await page.keyboard.press("Escape");
        await widget.requestPin(phone);
        await none(widget, "code");
        const code = await server.codeFor(phone);
        await widget.enterPin(wrong(code));
        await expect(widget.alert).toHaveText(/\w/);
        await none(widget, "code, wrong");
        await widget.enterPin(code);
        await widget.expectVerified();
        await none(widget, "verified");
      });
    });
  }
}

test("axe-core finds a fault where there is one", async ({ page, open }) => {
  const widget = await open("styled");
  await hears(page, "phone-verify:ready");
  await widget.number.evaluate((field) => field.removeAttribute("id"));
  expect(await faults(widget)).not.toEqual([]);
});
