import { expect, heard, hears, test, Widget } from "../fixtures";

for (const framework of ["react", "vue"]) {
  test.describe(`in a ${framework} page`, () => {
    test("rendered again and again, the widget keeps what was typed", async ({ page, open, phone }) => {
      const widget = await open(framework);
      await hears(page, "phone-verify:ready");
      await widget.number.fill(phone);
      await page.getByRole("button", { name: "Rendered 0" }).click();
      await page.getByRole("button", { name: "Rendered 1" }).click();
      await expect(widget.number).toHaveValue(phone.replace(/^(..)(...)(...)/, "$1 $2-$3-"));
      await widget.getPin.click();
      await expect(widget.pin).toBeVisible();
    });

    test("unmounted and mounted again, the same verification goes on and the page hears of it once", async ({ page, open, server, phone }) => {
      const widget = await open(framework);
      await widget.requestPin(phone);
      for (let time = 0; time < 3; time += 1) {
        await page.getByRole("button", { name: "Hide" }).click();
        await expect(page.locator("#phone")).toHaveCount(0);
        await page.getByRole("button", { name: "Show" }).click();
        await expect(new Widget(page, page.locator("#phone")).pin).toBeVisible();
      }
      await widget.enterPin(await server.codeFor(phone));
      await widget.expectVerified();
      await hears(page, "callback");
      expect(await heard(page, "callback")).toHaveLength(1);
      expect(await heard(page, "phone-verify:verified")).toHaveLength(1);
      expect(await server.sentTo(phone)).toHaveLength(1);
    });
  });
}
