import { expect, hears, test, Widget } from "../fixtures";

/** What a visitor sees of each part: none of it may depend on the page around the widget. */
const LOOKS = [
  "background-color",
  "border-top-width",
  "border-top-style",
  "border-top-color",
  "border-top-left-radius",
  "box-shadow",
  "color",
  "display",
  "float",
  "font-family",
  "font-size",
  "font-style",
  "font-weight",
  "height",
  "letter-spacing",
  "line-height",
  "list-style-type",
  "margin-top",
  "margin-left",
  "opacity",
  "padding-top",
  "padding-left",
  "text-align",
  "text-transform",
  "width",
] as const;

async function looks(widget: Widget): Promise<Record<string, Record<string, string>>> {
  return widget.root.evaluate((root, names) => {
    const seen: Record<string, Record<string, string>> = {};
    for (const element of root.querySelectorAll<HTMLElement>('[class^="pv-"]')) {
      const style = getComputedStyle(element);
      const place = `${Object.keys(seen).length} ${element.tagName.toLowerCase()}.${element.className}`;
      // How wide a run of text is, is its text's and its font's business.
      const compared = element.matches("span") ? names.filter((name) => name !== "width") : names;
      seen[place] = Object.fromEntries(compared.map((name) => [name, style.getPropertyValue(name)]));
    }
    return seen;
  }, LOOKS);
}

/** The number with the list of countries open, then the code step with an error. */
async function tour(widget: Widget, phone: string): Promise<Record<string, Record<string, string>>[]> {
  await hears(widget.page, "phone-verify:ready");
  await widget.country.click();
  const first = await looks(widget);
  await widget.page.keyboard.press("Escape");
  await widget.requestPin(phone);
  await widget.enterPin("000001");
  await expect(widget.alert).toHaveText(/\w/);
  await widget.pin.fill("");
  await widget.pin.focus();
  // Away from every button: a hovered one has another colour.
  await widget.page.mouse.move(0, 0);
  return [first, await looks(widget)];
}

test.describe("the widget looks the same", () => {
  // Transitions would be caught half-way.
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  for (const style of ["bootstrap", "preflight", "theme"]) {
    test(`in a page with ${style}.css`, async ({ page, open, phone }) => {
      const other = phone.replace(/\d\d$/, (end) => String((Number(end) + 50) % 100).padStart(2, "0"));
      const plain = await tour(await open("styled?style=plain"), phone);
      // Else the second page would go on with the verification of the first.
      await page.evaluate(() => sessionStorage.clear());
      const styled = await tour(await open(`styled?style=${style}`), other);
      expect(plain.map((step) => Object.keys(step).length)).toEqual([expect.any(Number), expect.any(Number)]);
      expect(Object.keys(plain[0] ?? {}).length, "parts compared").toBeGreaterThan(100);
      expect(styled).toEqual(plain);
    });
  }
});
