import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, hears, test } from "../fixtures";

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
