import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, freshNumber, test as base, wrong } from "../fixtures";
import { built, Program } from "../fixtures/program";

const PASSWORD = "correct horse battery";
const LIFE = 8;

/** examples/accounts: a full-stack Leptos app that embeds the server. */
const test = base.extend<{ app: Accounts }, { programs: (ttl: string) => Promise<string> }>({
  programs: [
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), "accounts-"));
      const running = new Map<string, Program>();
      await use(async (ttl) => {
        const cwd = await mkdtemp(join(folder, "run-"));
        const env = { PHONE_VERIFY__CODE__TTL: ttl };
        const started = running.get(ttl) ?? (await Program.start(built("ACCOUNTS_BIN", "accounts"), ["--listen", "127.0.0.1:0"], { cwd, env }));
        running.set(ttl, started);
        return started.address;
      });
      for (const program of running.values()) expect(await program.stop()).toBe(0);
      await rm(folder, { recursive: true, force: true });
    },
    { scope: "worker" },
  ],
  app: async ({ page, programs }, use) => use(new Accounts(page, await programs("10m"))),
});

let users = 0;

/** A browser at the app, by what its user sees. */
class Accounts {
  readonly name = `user-${process.pid}-${++users}`;
  readonly phone = freshNumber();

  constructor(
    readonly page: Page,
    readonly url: string,
  ) {}

  /** The same app in another browser. */
  async elsewhere(scripts: boolean): Promise<Accounts> {
    const context = await this.page.context().browser()!.newContext({ javaScriptEnabled: scripts });
    return new Accounts(await context.newPage(), this.url);
  }

  press(name: string): Promise<void> {
    return this.page.getByRole("button", { name, exact: true }).click();
  }

  async sees(heading: string): Promise<void> {
    await expect(this.page.getByRole("heading", { name: heading, exact: true, level: 1 })).toBeVisible();
  }

  async register(phone = this.phone): Promise<void> {
    await this.page.goto(`${this.url}/register`);
    await this.sees("Register");
    await this.page.getByLabel("User name").fill(this.name);
    await this.page.getByLabel("Full name").fill("Ada Lovelace");
    await this.page.getByLabel("Password").fill(PASSWORD);
    await this.page.getByLabel("Phone number").fill(phone);
    await this.press("Register");
    await this.sees("Verify your phone number");
  }

  /** Everything that the number got, newest first. */
  async sent(phone = this.phone): Promise<{ code: string; channel: string }[]> {
    const answer = await fetch(`${this.url}/dev/outbox?to=${encodeURIComponent(phone)}`, { headers: { accept: "application/json" } });
    return answer.json() as Promise<{ code: string; channel: string }[]>;
  }

  async code(phone = this.phone): Promise<string> {
    const [newest] = await this.sent(phone);
    if (!newest) throw new Error(`nothing was sent to ${phone}`);
    return newest.code;
  }

  async enter(code: string): Promise<void> {
    await this.page.getByLabel("PIN", { exact: true }).fill(code);
    await this.press("Verify");
  }

  async getPin(): Promise<void> {
    await this.press("Get PIN");
    await expect(this.page.getByLabel("PIN", { exact: true })).toBeVisible();
  }

  async join(): Promise<void> {
    await this.register();
    await this.getPin();
    await this.enter(await this.code());
    await this.sees("Dashboard");
    await expect(this.page.getByText("Phone number verified")).toBeVisible();
  }

  /** With two-factor, logged out; the recovery codes. */
  async joinWithTwoFactor(): Promise<string[]> {
    await this.join();
    await expect(this.page.getByText("Two-factor is off")).toBeVisible();
    await this.press("Turn on two-factor");
    await expect(this.page.getByText("Two-factor is on")).toBeVisible();
    await expect(this.page.getByRole("heading", { name: "Recovery codes" })).toBeVisible();
    const codes = await this.page.locator("code").allTextContents();
    await this.logOut();
    return codes;
  }

  async logIn(password = PASSWORD): Promise<void> {
    await this.page.goto(`${this.url}/login`);
    await this.page.getByLabel("User name").fill(this.name);
    await this.page.getByLabel("Password").fill(password);
    await this.press("Log in");
  }

  async logOut(): Promise<void> {
    await this.press("Log out");
    await expect(this.page).toHaveURL(`${this.url}/login`);
  }
}

for (const scripts of [true, false]) {
  test.describe(scripts ? "accounts with scripts" : "accounts without scripts", () => {
    test.use({ javaScriptEnabled: scripts });

    test("register, prove the number, turn two-factor on, log in by text message and by call", async ({ app }) => {
      // Three journeys in one.
      test.slow();
      await app.joinWithTwoFactor();
      for (const channel of ["Text message", "Voice call"]) {
        await app.logIn();
        await app.sees("Second step");
        await app.page.goto(`${app.url}/dashboard`);
        await app.sees("Second step");
        await app.page.getByLabel(channel).check();
        await app.getPin();
        const code = await app.code();
        await app.enter(wrong(code));
        await expect(app.page.getByRole("alert")).toContainText("This PIN is wrong.");
        await app.enter(code);
        await app.sees("Dashboard");
        await app.logOut();
        await app.page.goto(`${app.url}/dashboard`);
        await expect(app.page).toHaveURL(`${app.url}/login`);
      }
      expect((await app.sent()).map((message) => message.channel)).toEqual(["call", "sms", "sms"]);
    });

    test("a recovery code works once; turning two-factor off needs no code any more", async ({ app }) => {
      const [code] = await app.joinWithTwoFactor();
      const recover = async () => {
        await app.logIn();
        await app.page.getByText("The phone is not at hand").click();
        await app.page.getByLabel("Recovery code").fill(code ?? "");
        await app.press("Use recovery code");
      };
      await recover();
      await app.sees("Dashboard");
      await app.logOut();
      await recover();
      await expect(app.page.getByRole("alert")).toContainText("used before");
      await app.getPin();
      await app.enter(await app.code());
      await app.press("Turn off two-factor");
      await expect(app.page.getByText("Two-factor is off")).toBeVisible();
      await app.logOut();
      await app.logIn();
      await app.sees("Dashboard");
    });

    test("who changes the number is unverified until the new one is proved", async ({ app }) => {
      await app.join();
      const other = freshNumber();
      await app.page.getByLabel("Phone number").fill(other);
      await app.press("Change number");
      await app.sees("Verify your phone number");
      await app.page.goto(`${app.url}/dashboard`);
      await app.sees("Verify your phone number");
      await expect(app.page.getByText("Phone number verified")).toHaveCount(0);
      await app.getPin();
      await app.enter(await app.code(other));
      await app.sees("Dashboard");
      await expect(app.page.getByText(`••${other.slice(-2)}`)).toBeVisible();
    });

    test("a second account with the same number is refused, and can take another", async ({ app }) => {
      await app.join();
      const second = await app.elsewhere(scripts);
      await second.register(app.phone);
      await second.getPin();
      await second.enter(await app.code());
      await expect(second.page.getByRole("alert")).toContainText("already in use");
      await second.page.goto(`${app.url}/dashboard`);
      await second.sees("Verify your phone number");
      await second.page.getByLabel("Phone number").fill(second.phone);
      await second.getPin();
      await second.enter(await second.code());
      await second.sees("Dashboard");
      await second.page.context().close();
    });

    test("somebody else's second step cannot be finished", async ({ app }) => {
      await app.joinWithTwoFactor();
      await app.logIn();
      await app.getPin();
      const code = await app.code();
      const attacker = await app.elsewhere(scripts);
      await attacker.joinWithTwoFactor();
      await attacker.logIn();
      await attacker.getPin();
      const own = await attacker.code();
      // Whose log-in it is cannot be said by a form.
      await attacker.page.locator("form[action='/second-step']").evaluateAll((forms, name) => {
        for (const form of forms) form.insertAdjacentHTML("beforeend", `<input type="hidden" name="user_name" value="${name}">`);
      }, app.name);
      if (code !== own) {
        await attacker.enter(code);
        await expect(attacker.page.getByRole("alert")).toContainText("This PIN is wrong.");
      }
      await attacker.enter(own);
      await attacker.sees("Dashboard");
      await expect(attacker.page.getByText(attacker.name)).toBeVisible();
      await expect(attacker.page.getByText(app.name)).toHaveCount(0);
      await attacker.page.context().close();
      await app.enter(code);
      await app.sees("Dashboard");
    });

    test("an expired code is refused", async ({ page, programs }) => {
      const app = new Accounts(page, await programs(`${LIFE}s`));
      await app.joinWithTwoFactor();
      await app.logIn();
      await app.getPin();
      const code = await app.code();
      await page.waitForTimeout((LIFE + 1) * 1000);
      await app.enter(code);
      await expect(page.getByRole("alert")).toContainText("expired");
      await app.getPin();
      await app.enter(await app.code());
      await app.sees("Dashboard");
    });
  });
}

test("the first answer holds the form, and hydration puts the component in its place", async ({ app, page }) => {
  await app.register();
  const answer = await page.request.get(`${app.url}/verify`);
  expect(await answer.text()).toContain('name="phone_number"');
  await expect(page.locator(".pv-root[data-state=number]")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Phone number" })).toHaveValue(app.phone);
  const posts: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") posts.push(new URL(request.url()).pathname);
  });
  await app.getPin();
  await app.enter(await app.code());
  await app.sees("Dashboard");
  expect(posts).toEqual(["/api/start_verification", "/api/check_code", "/api/finish_proof"]);
});

test("a wrong password and an unknown user are told the same", async ({ app, page }) => {
  await app.join();
  await app.logOut();
  const told = async (user: Accounts) => {
    await user.logIn("something else");
    return page.getByRole("alert").textContent();
  };
  const known = await told(app);
  expect(await told(new Accounts(page, app.url))).toBe(known);
});
