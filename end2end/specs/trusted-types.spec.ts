import { expect, test } from "../fixtures";

const POLICY = encodeURIComponent("; require-trusted-types-for 'script'; trusted-types phone-verify");

for (const attributes of ["", "shadow"]) {
  test(`under Trusted Types the whole job goes without any policy but its own ${attributes}`, async ({ page, open, server, phone, console }) => {
    const violations: string[] = [];
    await page.exposeFunction("violated", (what: string) => violations.push(what));
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, sample }) => {
        (window as unknown as { violated(what: string): void }).violated(`${violatedDirective} ${sample}`);
      });
    });
    const widget = await open(`form?attributes=${attributes}&policy=${POLICY}`);
    await widget.country.click();
    await page.keyboard.press("Escape");
    await widget.requestPin(phone);
    await widget.enterPin("1");
    await expect(widget.alert).toHaveText(/\w/);
    await widget.enterPin(await server.codeFor(phone));
    await widget.expectVerified();
    expect(violations).toEqual([]);
    // The policy is in force: the same from the page itself is refused.
    console.expect(/requires 'TrustedHTML' assignment/);
    await page.evaluate(() => {
      try {
        document.createElement("div").innerHTML = "<b>";
      } catch {
        // What the policy is there for.
      }
    });
    await expect.poll(() => violations).toHaveLength(1);
  });
}
