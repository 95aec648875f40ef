import type { Page } from "@playwright/test";
import { expect, freshNumber, type Server, test as base, Widget } from "../fixtures";
import { BACK_ENDS, backEnd } from "../fixtures/back-ends";
import { Issuer } from "../fixtures/issuer";
import type { Program } from "../fixtures/program";

const SITE = { COUNTRIES: "*", ORIGINS: "loopback" };
const sites = { demo: { ...SITE, KEY: "demo", SECRET: "demo-secret" }, other: { ...SITE, KEY: "other", SECRET: "other-secret" } };
const configured = Object.fromEntries(
  Object.values(sites).flatMap((site, number) =>
    Object.entries(site).map(([key, value]) => [`PHONE_VERIFY__SITES__${number}__${key}`, value]),
  ),
);

/** The back ends of `examples`, each beside the real server, and beside an issuer that signs what a test wants. */
const test = base.extend<object, { backEnds: Programs; forged: Programs; issuer: Issuer }>({
  backEnds: [async ({ server }, use) => running(server.url, use), { scope: "worker" }],
  issuer: [
    async ({}, use) => {
      const issuer = await Issuer.start();
      await use(issuer);
      await issuer.stop();
    },
    { scope: "worker" },
  ],
  forged: [async ({ issuer }, use) => running(issuer.url, use), { scope: "worker" }],
});

type Programs = Record<string, Program>;

async function running(server: string, use: (programs: Programs) => Promise<void>): Promise<void> {
  const started = await Promise.all(BACK_ENDS.map(async (name) => [name, await backEnd(name, server)] as const));
  await use(Object.fromEntries(started));
  await Promise.all(started.map(([, program]) => program.stop()));
}

test.use({ settings: configured });

/** An order form in the browser. */
class Shop {
  readonly widget: Widget;
  readonly token;

  constructor(readonly page: Page) {
    this.widget = new Widget(page, page.locator("phone-verify"));
    this.token = page.locator("input[name=phone-token]");
  }

  async fill(): Promise<void> {
    await this.page.getByLabel("Name").fill("Ada <Lovelace>");
    await this.page.getByLabel("Item").fill("Tea & biscuits");
  }

  async order(): Promise<void> {
    await this.page.getByRole("button", { name: "Place order" }).click();
  }

  async forge(token: string): Promise<void> {
    await this.token.evaluate((field, value) => ((field as HTMLInputElement).value = value), token);
  }

  async verify(server: Server, number: string): Promise<string> {
    await this.widget.requestPin(number);
    await this.widget.enterPin(await server.codeFor(number));
    await this.widget.expectVerified();
    return this.token.inputValue();
  }

  nonce(): Promise<string> {
    return this.page.locator("phone-verify").getAttribute("token-nonce") as Promise<string>;
  }

  async expectRefused(why: string): Promise<void> {
    await expect(this.page.locator("#phone-problem")).toHaveText(`Verify your phone number. The proof is ${why}.`);
  }
}

/** A client without a browser, in one session of a host. */
class Client {
  private cookies = new Map<string, string>();

  constructor(private readonly url: string) {}

  async send(init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(this.url, { redirect: "manual", ...init, headers: { cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (name) this.cookies.set(name, value ?? "");
    }
    return answer;
  }

  /** The session's nonce, as it stands in the page. */
  async nonce(): Promise<string> {
    return /token-nonce="([^"]+)"/.exec(await (await this.send()).text())?.[1] ?? "";
  }

  order(token: string): Promise<Response> {
    const fields = { name: "Ada", item: "Tea", "phone-token": token, csrfmiddlewaretoken: this.cookies.get("csrftoken") ?? "" };
    return this.send({ method: "POST", body: new URLSearchParams(fields) });
  }
}

for (const name of BACK_ENDS) {
  test.describe(name, () => {
    test("a verified number orders; a form with errors keeps it; a second order needs the same number", async ({ page, backEnds, server, phone }) => {
      await page.goto(backEnds[name]!.address);
      const shop = new Shop(page);
      const token = await shop.verify(server, phone);
      await shop.order();
      await shop.widget.expectVerified();
      await expect(shop.token).toHaveValue(token);
      await shop.fill();
      await shop.order();
      await expect(page.getByRole("heading", { name: "Order received" })).toBeVisible();
      await expect(page.getByText("Tea & biscuits")).toBeVisible();
      expect(await server.sentTo(phone)).toHaveLength(1);
      expect((await server.redeem(token)).status, "redeemed by the host").toBe(409);

      await page.getByRole("link", { name: "Order something else" }).click();
      await shop.fill();
      await shop.forge(token);
      await shop.order();
      await shop.expectRefused("used before");

      await shop.fill();
      await shop.forge(await server.tokenFor(freshNumber(), { site_key: "demo", nonce: await shop.nonce(), purpose: "order" }));
      await shop.order();
      await shop.expectRefused("for another number");
    });

    test("refused: no token, one of another site, session or purpose; taken where all fits", async ({ backEnds, server }) => {
      const client = new Client(backEnds[name]!.address);
      const right = { site_key: "demo", nonce: await client.nonce(), purpose: "order" };
      const refused: [string, Record<string, string> | null][] = [
        ["missing", null],
        ["for another site", { ...right, site_key: "other" }],
        ["for another session", { ...right, nonce: "another-nonce" }],
        ["for another purpose", { ...right, purpose: "newsletter" }],
      ];
      for (const [why, start] of refused) {
        const answer = await client.order(start ? await server.tokenFor(freshNumber(), start) : "");
        expect(answer.status, why).toBe(422);
        expect(await answer.text()).toContain(`The proof is ${why}.`);
      }
      expect(await taken(client, await server.tokenFor(freshNumber(), right))).toBe("/receipt");
    });

    test("forged, expired and unfit tokens are refused offline, with keys that are fetched once", async ({ forged, issuer }) => {
      const client = new Client(forged[name]!.address);
      const nonce = await client.nonce();
      const right = issuer.claims({ nonce });
      const now = Math.floor(Date.now() / 1000);
      const unfit: [string, Record<string, unknown>][] = [
        ["expired", { iat: now - 400, exp: now - 100 }],
        ["not valid", { exp: undefined }],
        ["not valid", { iat: now + 200, exp: now + 500 }],
        ["not valid", { iss: "https://verify.example.com" }],
        ["not valid", { jti: undefined }],
        ["not valid", { phone_number_verified: false }],
        ["not valid", { phone_number_verified: "true" }],
        ["for another site", { aud: "other" }],
        ["for another session", { nonce: undefined }],
        ["for another session", { nonce: `${nonce}x` }],
        ["for another purpose", { purpose: undefined }],
      ];
      const tokens = [
        ...Object.entries(issuer.forgeries(right)).map(([what, token]) => [what, token, "not valid"] as const),
        ...unfit.map(([why, changes]) => [JSON.stringify(changes), issuer.token({ ...right, ...changes }), why] as const),
      ];
      const before = { keys: issuer.keysFetched, redeemed: issuer.redeemAsked };
      for (const [what, token, why] of tokens) {
        const answer = await client.order(token);
        expect(answer.status, what).toBe(422);
        expect(await answer.text(), what).toContain(`The proof is ${why}.`);
      }
      expect(issuer.redeemAsked, "none of them was worth a request").toBe(before.redeemed);
      expect(issuer.keysFetched - before.keys).toBeLessThanOrEqual(1);
      expect(await taken(client, issuer.token(right)), "the refusals are no accident").toBe("/receipt");
    });

    test("a server that cannot be asked places no order, and the token is good afterwards", async ({ forged, issuer }) => {
      const client = new Client(forged[name]!.address);
      const nonce = await client.nonce();
      expect(await taken(client, issuer.token(issuer.claims({ nonce })))).toBe("/receipt");
      const token = issuer.token(issuer.claims({ nonce }));
      issuer.down = true;
      const answer = await client.order(token);
      issuer.down = false;
      expect(answer.status).toBeGreaterThanOrEqual(422);
      expect(await answer.text()).toContain("cannot be checked at the moment");
      expect(await taken(client, token)).toBe("/receipt");
      expect((await client.order(token)).status, "once").toBe(422);
    });
  });
}

/** Where an order leads. */
async function taken(client: Client, token: string): Promise<string | null> {
  const answer = await client.order(token);
  return answer.headers.get("location") ?? `${answer.status} ${await answer.text()}`;
}
