import { expect, test, Widget, wrong } from "../fixtures";

test.describe("the server's own page", () => {
  test.beforeEach(async ({ page, server }) => {
    await page.goto(`${server.url}/`);
  });

  test("verifies a number through server functions", async ({ page, server, phone }) => {
    const posts: string[] = [];
    page.on("request", (request) => {
      if (request.method() !== "GET") posts.push(`${request.method()} ${new URL(request.url()).pathname}`);
    });
    const widget = new Widget(page, page.locator("main"));
    await widget.requestPin(phone);
    await widget.enterPin(await server.codeFor(phone));
    await widget.expectVerified();

    expect(posts).toHaveLength(2);
    expect(posts.filter((post) => post.includes("/v1/"))).toEqual([]);
  });

  test("says in words what is wrong", async ({ page, server, phone }) => {
    const widget = new Widget(page, page.locator("main"));
    await widget.number.fill("12");
    await widget.getPin.click();
    await widget.expectError(widget.number, /number/i);

    await widget.requestPin(phone);
    await widget.enterPin(wrong(await server.codeFor(phone)));
    await widget.expectError(widget.pin, /PIN/);
    await widget.enterPin(await server.codeFor(phone));
    await widget.expectVerified();
  });
});

test("the page is readable before any script has run", async ({ browser, server }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${server.url}/`);
  const widget = new Widget(page, page.locator("main"));
  await expect(widget.number).toBeVisible();
  await expect(widget.getPin).toBeVisible();
  await context.close();
});
