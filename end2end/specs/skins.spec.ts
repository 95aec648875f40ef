import { expect, hears, SKINS, test, wrong } from "../fixtures";
import { faults } from "../fixtures/axe";

for (const colorScheme of ["light", "dark"] as const) {
  for (const skin of SKINS) {
    test.describe(`${skin}, ${colorScheme}`, () => {
      test.use({ colorScheme, contextOptions: { reducedMotion: "reduce" } });

      test("axe-core finds nothing wrong at level AA, contrast included, in any step", async ({ page, open, server, phone }) => {
        const widget = await open(`skin?style=${skin}&attributes=appearance=card terms`);
        await hears(page, "phone-verify:ready");
        const none = async (step: string) => expect(await faults(widget, "AA"), step).toEqual([]);
        await none("number");
        await widget.getPin.hover();
        await none("number, the button pointed at");
        await widget.country.click();
        await none("countries");
        await page.keyboard.press("Escape");
        await widget.requestPin(phone);
        await none("code");
        const code = await server.codeFor(phone);
        await widget.enterPin(wrong(code));
        await expect(widget.alert).toHaveText(/\w/);
        await none("code, wrong");
        await widget.enterPin(code);
        await widget.expectVerified();
        await none("verified");
      });
    });
  }
}

test("axe-core finds a skin whose words do not stand out", async ({ page, open }) => {
  const widget = await open("skin?style=harbor&attributes=appearance=card");
  await hears(page, "phone-verify:ready");
  await widget.root.evaluate((element) => (element as HTMLElement).style.setProperty("--pv-on-accent", "#1c6d69"));
  expect(await faults(widget, "AA")).not.toEqual([]);
});

test("a skin reaches into the shadow root, and the theme chooses its colours", async ({ page, open }) => {
  const widget = await open("skin?style=harbor&attributes=shadow theme=dark");
  await hears(page, "phone-verify:ready");
  await expect(widget.getPin).toHaveCSS("background-color", "rgb(127, 214, 200)");
  await widget.root.evaluate((element) => element.setAttribute("theme", "light"));
  await expect(widget.getPin).toHaveCSS("background-color", "rgb(11, 92, 88)");
});

for (const appearance of ["normal", "compact", "card"]) {
  test.describe(`for a thumb, ${appearance}`, () => {
    test.use({ viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });

    test("what is pressed is 44 pixels high, and no field is below 16 pixels, so that iOS does not zoom", async ({ page, open, phone }) => {
      const widget = await open(`skin?style=signal&attributes=appearance=${appearance}`);
      await hears(page, "phone-verify:ready");
      const seen = new Set<string>();
      const look = async () => {
        const found = await widget.root.locator("button, input:not([type=hidden]), [role=option]").evaluateAll((elements) =>
          elements.slice(0, 12).map((element) => ({
            what: `${element.localName}.${element.className}`,
            height: element.getBoundingClientRect().height,
            size: element.localName === "input" ? parseFloat(getComputedStyle(element).fontSize) : 16,
          })),
        );
        for (const { what, height, size } of found) {
          seen.add(what);
          expect(height, what).toBeGreaterThanOrEqual(44);
          expect(size, what).toBeGreaterThanOrEqual(16);
        }
        // Nothing sticks out sideways.
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
      };
      await look();
      await widget.country.tap();
      await look();
      await page.keyboard.press("Escape");
      await widget.requestPin(phone);
      await look();
      expect(seen.size).toBeGreaterThanOrEqual(7);
    });
  });
}
