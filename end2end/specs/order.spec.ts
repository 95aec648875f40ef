import { tmpdir } from "node:os";
import type { Page } from "@playwright/test";
import { expect, freshNumber, type Server, test as base, Widget } from "../fixtures";
import { built, Program } from "../fixtures/program";

const SITE = { COUNTRIES: "*", ORIGINS: "loopback" };
const sites = { demo: { ...SITE, KEY: "demo", SECRET: "demo-secret" }, other: { ...SITE, KEY: "other", SECRET: "other-secret" } };
const configured = Object.fromEntries(
  Object.values(sites).flatMap((site, number) =>
    Object.entries(site).map(([key, value]) => [`PHONE_VERIFY__SITES__${number}__${key}`, value]),
  ),
);

/** examples/order: an ordinary shop whose server checks the token. */
const test = base.extend<{ shop: Shop }, { program: Program }>({
  program: [
    async ({ server }, use) => {
      const program = await Program.start(built("ORDER_BIN", "order"), ["--listen", "127.0.0.1:0", "--verify-url", server.url], {
        cwd: tmpdir(),
      });
      await use(program);
      await program.stop();
    },
    { scope: "worker" },
  ],
  shop: async ({ page, program }, use) => {
    await page.goto(program.address);
    await use(new Shop(page));
  },
});

test.use({ settings: configured });

class Shop {
  readonly widget: Widget;

  constructor(readonly page: Page) {
    this.widget = new Widget(page, page.locator("phone-verify"));
  }

  async fill(): Promise<void> {
    await this.page.getByLabel("Name", { exact: true }).fill("Ada Lovelace");
    await this.page.getByLabel("Item").fill("Tea");
    await this.page.getByLabel("Delivery address").fill("1 Main Street");
  }

  async verify(server: Server, number: string): Promise<string> {
    await this.widget.requestPin(number);
    await this.widget.enterPin(await server.codeFor(number));
    await this.widget.expectVerified();
    return this.page.locator("input[name=phone-token]").inputValue();
  }

  async order(): Promise<void> {
    await this.page.getByRole("button", { name: "Place order" }).click();
  }

  /** What an attacker can always do in the own browser: put anything into the field. */
  async forge(token: string): Promise<void> {
    await this.page.locator("input[name=phone-token]").evaluate((field, value) => ((field as HTMLInputElement).value = value), token);
  }

  async expectReceipt(): Promise<void> {
    await expect(this.page.getByRole("heading", { name: "Order received" })).toBeVisible();
  }

  async expectRefused(words: RegExp): Promise<void> {
    await expect(this.page.locator("#phone-problem")).toHaveText(words);
    expect(new URL(this.page.url()).pathname).not.toBe("/receipt");
  }

  /** The nonce of this session, which everybody can read in the page. */
  nonce(): Promise<string> {
    return this.page.locator("phone-verify").getAttribute("token-nonce") as Promise<string>;
  }
}

test("a customer with a verified number orders", async ({ shop, server, phone }) => {
  await shop.fill();
  await shop.verify(server, phone);
  await expect(shop.page.getByText("Thank you. You can place the order now.")).toBeVisible();
  await shop.order();
  await shop.expectReceipt();
});

test("shown again with errors, the form keeps the verified number", async ({ shop, server, phone }) => {
  const token = await shop.verify(server, phone);
  await shop.order();
  await expect(shop.page.getByText("Enter your name.")).toBeVisible();
  await shop.widget.expectVerified();
  await expect(shop.page.locator("input[name=phone-token]")).toHaveValue(token);
  await shop.fill();
  await shop.order();
  await shop.expectReceipt();
  expect(await server.sentTo(phone)).toHaveLength(1);
});

test("no verification, no order", async ({ shop }) => {
  await shop.fill();
  await shop.order();
  await shop.expectRefused(/Verify your phone number/);
});

test.describe("refused:", () => {
  test.beforeEach(({ shop }) => shop.fill());

  test("a forged callback", async ({ shop, page }) => {
    await page.evaluate(() => (window as any).onPhoneVerified({ token: "forged", verification: { status: "approved" } }));
    await shop.order();
    await shop.expectRefused(/Verify your phone number/);
  });

  test("a made-up token", async ({ shop }) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const claims = { aud: "demo", phone_number_verified: true, exp: Math.floor(Date.now() / 1000) + 300 };
    await shop.forge(`${part({ alg: "none", typ: "pv+jwt" })}.${part(claims)}.`);
    await shop.order();
    await shop.expectRefused(/not valid/);
  });

  test("a token of another site", async ({ shop, server, phone }) => {
    await shop.forge(await server.tokenFor(phone, { site_key: "other", nonce: await shop.nonce(), purpose: "order" }));
    await shop.order();
    await shop.expectRefused(/another site/);
  });

  test("a token of another session", async ({ shop, server, phone }) => {
    await shop.forge(await server.tokenFor(phone, { site_key: "demo", nonce: "another-nonce", purpose: "order" }));
    await shop.order();
    await shop.expectRefused(/another session/);
  });

  test("a token for another purpose", async ({ shop, server, phone }) => {
    await shop.forge(await server.tokenFor(phone, { site_key: "demo", nonce: await shop.nonce(), purpose: "newsletter" }));
    await shop.order();
    await shop.expectRefused(/something else/);
  });

  test("a token that another order has used", async ({ shop, server, page, phone, program }) => {
    const token = await shop.verify(server, phone);
    await shop.order();
    await shop.expectReceipt();
    await page.goto(program.address);
    await shop.fill();
    await shop.forge(token);
    await shop.order();
    await shop.expectRefused(/another order|another session/);
  });
});

test("the same token is good where everything fits: the refusals above are no accident", async ({ shop, server }) => {
  await shop.fill();
  await shop.forge(await server.tokenFor(freshNumber(), { site_key: "demo", nonce: await shop.nonce(), purpose: "order" }));
  await shop.order();
  await shop.expectReceipt();
});
