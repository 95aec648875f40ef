import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { pageFaults } from "../fixtures/axe";

const PASSWORD = "correct horse battery staple";

test.use({
  settings: {
    // As `phone-verify admin password` prints it.
    PHONE_VERIFY__ADMIN__PASSWORD_HASH: "$argon2id$v=19$m=19456,t=2,p=1$RtbRxGcWvgr1XZPoUjYWDw$5RfuB6tIw0JqUL8hBIf/SisufsjKK+Sko3JEi8iqh2Q",
    PHONE_VERIFY__LIMITS__NUMBER__PER_HOUR: "2",
    PHONE_VERIFY__LIMITS__NUMBER__SPACING: "0s",
    PHONE_VERIFY__BUDGET__PER_DAY: "5",
    PHONE_VERIFY__BUDGET__SMS: "0.25",
    PHONE_VERIFY__BUDGET__CALL: "0.5",
    PHONE_VERIFY__LIMITS__CONVERSION__ENABLED: "true",
  },
});

async function logIn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/admin`);
  await expect(page).toHaveURL(`${url}/admin/login`);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page).toHaveURL(`${url}/admin`);
}

async function lookUp(page: Page, url: string, phone: string): Promise<void> {
  await page.goto(`${url}/admin/numbers`);
  await page.getByLabel("Phone number").fill(phone);
  await page.getByRole("button", { name: "Look up" }).click();
}

const fact = (page: Page, name: string) => page.locator("dt", { hasText: name }).locator("xpath=following-sibling::dd");

test("an operator sees what was sent, and unlocks, blocks and erases a number", async ({ page, server, phone }) => {
  await server.tokenFor(phone, { site_key: "demo" });
  await server.tokenFor(phone, { site_key: "demo" });
  await logIn(page, server.url);
  await expect(page.getByRole("cell", { name: "100 %" }).first()).toBeVisible();

  await lookUp(page, server.url, phone);
  await expect(page).toHaveURL(`${server.url}/admin/numbers`);
  await expect(fact(page, "Next message possible")).toHaveText(/^In \d+ seconds/);
  await page.getByRole("button", { name: "Unlock" }).click();
  await expect(page.getByRole("status")).toContainText("forgotten");
  await expect(fact(page, "Next message possible")).toHaveText("Now");

  await page.getByRole("button", { name: "Block", exact: true }).click();
  await expect(fact(page, "Blocked")).toHaveText("On all sites");
  await expect(server.tokenFor(phone, { site_key: "demo" })).rejects.toThrow();
  await page.getByRole("button", { name: "Unblock" }).click();
  await expect(fact(page, "Blocked")).toHaveText("No");

  await page.getByRole("button", { name: "Erase" }).click();
  // Without the tick the browser keeps it back.
  await expect(page.getByRole("status")).toContainText("The block is ended.");
  await page.getByLabel("Yes, delete it").check();
  await page.getByRole("button", { name: "Erase" }).click();
  await expect(page.getByText("None are known.")).toBeVisible();

  await page.getByRole("link", { name: "Log", exact: true }).click();
  for (const said of ["A number erased", "A block ended", "A number blocked", "A number unlocked", "A number looked up"]) {
    await expect(page.getByRole("cell", { name: said })).toHaveCount(1);
  }
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page).toHaveURL(`${server.url}/admin/login`);
  await page.goBack();
  await page.goto(`${server.url}/admin/log`);
  await expect(page).toHaveURL(`${server.url}/admin/login`);
});

test("an operator sees what was spent against the budget", async ({ page, server, phone }) => {
  await server.tokenFor(phone, { site_key: "demo" });
  await logIn(page, server.url);
  await page.getByRole("link", { name: "Budget" }).click();
  const today = page.getByRole("row", { name: /^All sites, \d{4}-\d\d-\d\d / });
  await expect(today.getByRole("cell")).toHaveText(["Normal", "0.25", "5.00", "5 %", "1", "0"]);
});

test("an operator opens a country's breaker by hand, closes it again, and sees what it kept back and why", async ({ page, server, phone }) => {
  await server.tokenFor(phone, { site_key: "demo" });
  await logIn(page, server.url);
  await page.getByRole("link", { name: "Breakers" }).click();
  const country = page.getByRole("row", { name: /^United States/ });
  await expect(country).toContainText("Closed");
  await page.getByLabel("Country or number").fill("nowhere");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("neither a country");
  await page.getByLabel("Country or number").fill("US");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await expect(page.getByRole("status")).toContainText("until it is closed by hand");
  await expect(country).toContainText("Open by hand since");

  await expect(server.tokenFor("+12125550134", { site_key: "demo" })).rejects.toThrow();
  await expect(async () => {
    await page.goto(`${server.url}/admin/decisions?rule=conversion`);
    await expect(page.getByRole("cell", { name: "Dropped, told as sent: start" })).toBeVisible({ timeout: 500 });
  }).toPass();

  await page.goto(`${server.url}/admin/breakers`);
  await country.getByRole("button", { name: /^Close/ }).click();
  await expect(country).toContainText("Closed");
  await page.getByRole("link", { name: "Log", exact: true }).click();
  for (const said of ["A breaker opened", "A breaker closed"]) {
    await expect(page.getByRole("cell", { name: said })).toHaveCount(1);
  }
});

test("another site's page can neither press a button nor show the pages in a frame", async ({ page, console, server, phone }) => {
  console.expect(/frame-ancestors/);
  await logIn(page, server.url);
  await page.route("http://evil.localhost/**", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<form method="post" action="${server.url}/admin/numbers">
          <input name="phone_number" value="${phone}"><button name="do" value="block">Win</button>
        </form>
        <iframe src="${server.url}/admin/login"></iframe>`,
    }),
  );
  await page.goto("http://evil.localhost/");
  await expect(page.frameLocator("iframe").getByLabel("Password")).toHaveCount(0);
  const answered = page.waitForResponse(`${server.url}/admin/numbers`);
  await page.getByRole("button", { name: "Win" }).click();
  expect((await answered).status()).toBe(403);
  await lookUp(page, server.url, phone);
  await expect(fact(page, "Blocked")).toHaveText("No");
});

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
