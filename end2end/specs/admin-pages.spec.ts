import { expect, test } from "../fixtures";
import { pageFaults } from "../fixtures/axe";
import { fact, logIn, lookUp, WITH_OPERATOR } from "../fixtures/operator";

// Settings of its own make it a server of its own, where nobody else logs in.
test.use({ settings: { ...WITH_OPERATOR, PHONE_VERIFY__BUDGET__PER_MONTH: "100" } });

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("axe-core finds nothing wrong on any page, on a phone as on a desk, and nothing is wider than the screen", async ({
      page,
      server,
      phone,
    }) => {
      await server.tokenFor(phone, { site_key: "demo" });
      await server.tokenFor("+1 202 555 01", { site_key: "demo" }).catch(() => null);
      for (const width of [320, 1200]) {
        await page.context().clearCookies();
        await page.setViewportSize({ width, height: 900 });
        const fine = async (what: string) => {
          expect(await pageFaults(page), what).toEqual([]);
          expect(await page.evaluate(() => document.documentElement.scrollWidth), what).toBeLessThanOrEqual(width);
        };
        await page.goto(`${server.url}/admin/login`);
        await fine("log in");
        await logIn(page, server.url);
        await page.getByText("In figures").click();
        await fine("overview");
        await lookUp(page, server.url, phone);
        await expect(fact(page, "Number")).toBeVisible();
        await fine("number");
        await page.goto(`${server.url}/admin/budget`);
        await page.getByText("In figures").click();
        await fine("budget");
        await page.goto(`${server.url}/admin/breakers`);
        await expect(page.getByRole("button", { name: /^Open: / }).first()).toBeVisible();
        await fine("breakers");
        await page.goto(`${server.url}/admin/decisions`);
        await expect(page.getByRole("rowheader").first()).toBeVisible();
        await fine("decisions");
        await page.goto(`${server.url}/admin/sites`);
        await fine("sites");
        await page.goto(`${server.url}/admin/log`);
        await fine("log");
      }
    });
  });
}
