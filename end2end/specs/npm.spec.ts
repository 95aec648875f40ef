import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { any, verifyToken } from "../../widget/npm/server.js";
import { expect, hears, test } from "../fixtures";
import { Issuer } from "../fixtures/issuer";

const run = promisify(execFile);
const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

test("the package's types say what may be written and what may not", async () => {
  test.setTimeout(90_000);
  const { stdout } = await run(process.execPath, [at("node_modules/typescript/bin/tsc"), "--project", at("npm")]).catch((error) => error);
  expect(stdout).toBe("");
});

test("bundled into somebody's page, under the strict policy, the package loads the widget from its server", async ({ page, open, server, phone }) => {
  const { stdout: bundle } = await run(at("../xtask/node_modules/.bin/esbuild"), [
    at("npm/page.ts"),
    "--bundle",
    "--minify",
    "--format=iife",
    "--log-level=warning",
    `--alias:phone-verify=${at("../widget/npm/index.js")}`,
  ]);
  expect(bundle.length, "the widget itself is not in it").toBeLessThan(2_000);
  await page.route("**/bundled.js", (route) => route.fulfill({ contentType: "text/javascript", body: bundle }));
  const widget = await open("bundled", "here");
  await hears(page, "phone-verify:ready");
  await widget.requestPin(phone);
  await expect(page.getByText("Sent by sms.")).toBeVisible();
  await widget.enterPin(await server.codeFor(phone));
  await widget.expectVerified();
  const [token, of] = await page.evaluate(() => {
    const { handle, results } = window as unknown as { handle: { token: string }; results: { token: string }[] };
    return [handle.token, results.map(({ token }) => token)];
  });
  expect(of).toEqual([token]);
});

test("on a server, the package takes the running server's tokens and refuses all others", async ({ server }) => {
  const cwd = at("../widget/npm");
  const { stdout } = await run(process.execPath, ["--test"], { cwd, env: { ...process.env, PHONE_VERIFY_URL: server.url } }).catch((error) => error);
  expect(stdout).toMatch(/# pass 7\n# fail 0/);
});

test("on a server, the package refuses forged and expired tokens offline, with keys that are fetched once", async () => {
  const issuer = await Issuer.start();
  const expected = { server: issuer.url, siteKey: "demo", nonce: any, purpose: "order", subject: null, secret: "demo-secret" } as const;
  const code = (token: string) => verifyToken(token, expected).then(() => "taken", (error) => error.code);
  const right = issuer.claims();
  for (const [what, token] of Object.entries(issuer.forgeries(right))) {
    expect(await code(token), what).toBe("invalid");
  }
  const now = Math.floor(Date.now() / 1000);
  expect(await code(issuer.token({ ...right, iat: now - 400, exp: now - 100 }))).toBe("expired");
  for (const changes of [{ exp: undefined }, { jti: undefined }, { phone_number_verified: "true" }, { iat: now + 200, exp: now + 500 }, { iat: now - 7200 }]) {
    expect(await code(issuer.token({ ...right, ...changes })), JSON.stringify(changes)).toMatch(/^(invalid|expired)$/);
  }
  expect([issuer.keysFetched, issuer.redeemAsked]).toEqual([1, 0]);
  const token = issuer.token(right);
  issuer.down = true;
  expect(await code(token)).toBe("unavailable");
  issuer.down = false;
  expect(await code(token), "the refusals are no accident").toBe("taken");
  expect(await code(token)).toBe("used");
  await issuer.stop();
});
