import { expect, heard, hears, test, Widget } from "../fixtures";

test.describe("the script", () => {
  for (const scenario of ["form", "script-last", "script-twice"]) {
    test(`works in ${scenario}.html, and the page hears of everything once`, async ({ page, open, server, phone }) => {
      const widget = await open(scenario);
      await widget.requestPin(phone);
      await widget.enterPin(await server.codeFor(phone));
      await widget.expectVerified();
      await hears(page, "callback");
      for (const what of ["phone-verify:ready", "phone-verify:sent", "phone-verify:verified", "callback"]) {
        expect(await heard(page, what), what).toHaveLength(1);
      }
      expect(await server.sentTo(phone)).toHaveLength(1);
      await expect(page.getByRole("button", { name: "Get PIN", exact: true })).toHaveCount(0);
    });
  }

  test("draws a usable form before the wasm is there, and then does what was pressed", async ({ page, host, server, phone }) => {
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route("**/embed/v1/*.wasm", async (route) => {
      await released;
      await route.continue();
    });
    await page.goto(host.page("form"));
    const widget = new Widget(page, page.locator("#phone"));
    await widget.expectState("loading");
    await widget.number.fill(phone);
    await widget.getPin.click();
    expect(await server.sentTo(phone)).toHaveLength(0);
    release();
    await expect(widget.pin).toBeVisible();
    expect(await server.sentTo(phone)).toHaveLength(1);
  });

  test("never takes the focus on load", async ({ page, open }) => {
    await open("form");
    await hears(page, "phone-verify:ready");
    await expect(page.locator("body")).toBeFocused();
  });

  test("asks only the server it came from, and stores nothing there", async ({ page, context, open, server, host, phone }) => {
    const origins = new Set<string>();
    page.on("request", (request) => origins.add(new URL(request.url()).origin));
    const widget = await open("form");
    await widget.requestPin(phone);
    await widget.enterPin(await server.codeFor(phone));
    await widget.expectVerified();
    expect([...origins].sort()).toEqual([host.url, server.url].sort());
    expect(await context.cookies()).toEqual([]);
  });
});

test("several widgets on one page know nothing of each other", async ({ page, open, server, phone }) => {
  const first = await open("several", "first");
  const second = new Widget(page, page.locator("#second"));
  const other = `${phone.slice(0, -2)}97`;
  await first.requestPin(phone);
  await second.expectState("number");
  await second.requestPin(other);
  await second.enterPin(await server.codeFor(other));
  await second.expectVerified();
  await first.expectState("code");
  await first.enterPin(await server.codeFor(phone));
  await first.expectVerified();

  const callbacks = await heard(page, "callback");
  expect(callbacks.map(({ from }) => from)).toEqual(["phoneVerifyCallback", "shop.checkout.verified"]);
  const tokens = await page.locator("input[type=hidden]").evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value));
  expect(tokens).toEqual([callbacks[1]?.detail.token, callbacks[0]?.detail.token]);
  const purposes = await Promise.all(tokens.map(async (token) => (await (await server.redeem(token)).json()).purpose));
  expect(purposes).toEqual([undefined, "newsletter"]);
});

test.describe("the element in a page that changes", () => {
  test("removed and put back, the same verification goes on", async ({ page, open, server, phone }) => {
    const widget = await open("form");
    await widget.requestPin(phone);
    await page.evaluate(async () => {
      const element = document.getElementById("phone")!;
      element.remove();
      await new Promise((resolve) => setTimeout(resolve, 200));
      document.getElementById("form")!.prepend(element);
    });
    await expect(widget.pin).toBeVisible();
    await widget.enterPin(await server.codeFor(phone));
    await widget.expectVerified();
    expect(await server.sentTo(phone)).toHaveLength(1);
    expect(await heard(page, "callback")).toHaveLength(1);
    expect(await heard(page, "phone-verify:ready")).toHaveLength(2);
  });

  test("moved at once, it does not even blink", async ({ page, open, server, phone }) => {
    const widget = await open("form");
    await widget.requestPin(phone);
    await page.evaluate(() => document.body.append(document.getElementById("phone")!));
    await expect(widget.pin).toBeVisible();
    await widget.enterPin(await server.codeFor(phone));
    await widget.expectVerified();
    expect(await heard(page, "callback")).toHaveLength(1);
  });

  test("removed while a PIN is being checked, it calls nobody back", async ({ page, open, server, phone }) => {
    const widget = await open("form");
    await widget.requestPin(phone);
    let asked = () => {};
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    let answered = () => {};
    const isAnswered = new Promise<void>((resolve) => (answered = resolve));
    await page.route("**/v1/verifications/*/check", async (route) => {
      const response = await route.fetch();
      asked();
      await new Promise((resolve) => setTimeout(resolve, 300));
      // The page may have given up on it, and that is the point.
      await route.fulfill({ response }).catch(() => undefined);
      answered();
    });
    await widget.enterPin(await server.codeFor(phone));
    await isAsked;
    await page.evaluate(() => document.getElementById("phone")!.remove());
    await isAnswered;
    await page.waitForTimeout(300);
    expect(await heard(page, "callback")).toEqual([]);
    expect(await heard(page, "phone-verify:verified")).toEqual([]);
  });

  test("removed while a message is being sent, then pressed again: one message", async ({ page, open, server, phone }) => {
    const widget = await open("form");
    await hears(page, "phone-verify:ready");
    let sent = () => {};
    const isSent = new Promise<void>((resolve) => (sent = resolve));
    let removed = () => {};
    const isRemoved = new Promise<void>((resolve) => (removed = resolve));
    let first = true;
    await page.route("**/v1/verifications", async (route) => {
      if (route.request().method() !== "POST" || !first) return route.continue();
      first = false;
      await route.fetch();
      sent();
      await isRemoved;
      await route.abort().catch(() => undefined);
    });
    await widget.number.fill(phone);
    await widget.getPin.click();
    await isSent;
    await page.evaluate(() => {
      const element = document.getElementById("phone")!;
      element.remove();
      (window as any).kept = element;
    });
    removed();
    await page.evaluate(() => document.getElementById("form")!.prepend((window as any).kept));
    await widget.requestPin(phone);
    expect(await server.sentTo(phone)).toHaveLength(1);
    await widget.enterPin(await server.codeFor(phone));
    await widget.expectVerified();
  });

  test("reloaded in the middle, the same verification goes on and nothing is sent", async ({ page, open, server, phone }) => {
    const widget = await open("form");
    await widget.requestPin(phone);
    const { id } = (await hears(page, "phone-verify:sent")).detail.verification;
    await page.reload();
    await expect(widget.pin).toBeVisible();
    expect(await heard(page, "phone-verify:sent")).toEqual([]);
    await widget.enterPin(await server.codeFor(phone));
    await widget.expectVerified();
    expect((await hears(page, "callback")).detail.verification.id).toBe(id);
    expect(await server.sentTo(phone)).toHaveLength(1);
  });

  test("reloaded during a send whose answer was lost, pressed again: one message", async ({ page, open, server, phone, console }) => {
    console.expect(/^Failed to load resource: net::ERR_/);
    const widget = await open("form");
    await hears(page, "phone-verify:ready");
    await page.route("**/v1/verifications", async (route) => {
      await route.fetch();
      await route.abort("connectionreset");
    });
    await widget.number.fill(phone);
    await widget.getPin.click();
    await expect(widget.alert).toHaveText(/\w/);
    await page.unroute("**/v1/verifications");
    await page.reload();
    await widget.requestPin(phone);
    expect(await server.sentTo(phone)).toHaveLength(1);
  });
});

test.describe("other ways in", () => {
  test("phoneVerify.render returns a handle", async ({ page, open, server, phone }) => {
    const widget = await open("render", "here");
    await page.waitForFunction(() => "phoneVerify" in window);
    await page.evaluate(() => {
      const api = window as any;
      api.results = [];
      api.handle = api.phoneVerify.render("#here", {
        siteKey: "demo",
        name: "rendered-token",
        callback: (result: unknown) => api.results.push(result),
      });
    });
    const state = () => page.evaluate(() => (window as any).handle.state as string);
    await expect.poll(state).toBe("number");
    await page.evaluate(() => (window as any).handle.focus());
    await expect(widget.number).toBeFocused();
    await widget.requestPin(phone);
    await widget.enterPin(await server.codeFor(phone));
    await widget.expectVerified();
    expect(await state()).toBe("verified");
    const [token, results] = await page.evaluate(() => [(window as any).handle.token, (window as any).results]);
    expect(results).toHaveLength(1);
    expect(token).toBe(results[0].token);
    await expect(page.locator("input[name=rendered-token]")).toHaveValue(token);

    await page.evaluate(() => (window as any).handle.reset());
    await expect.poll(state).toBe("number");
    await expect(page.locator("input[name=rendered-token]")).toHaveValue("");
    await page.evaluate(() => (window as any).handle.remove());
    await expect(page.locator("#here")).toBeEmpty();
  });

  test("a div of class phone-verify is a widget, one added later after scan()", async ({ page, open, server, phone }) => {
    const widget = await open("div");
    await widget.requestPin(phone);
    await widget.enterPin(await server.codeFor(phone));
    await widget.expectVerified();
    const { token } = (await hears(page, "callback")).detail;
    await expect(page.locator("input[name=from-div]")).toHaveValue(token);

    await page.evaluate(() => {
      const div = Object.assign(document.createElement("div"), { className: "phone-verify", id: "added" });
      div.dataset.siteKey = "demo";
      document.getElementById("later")!.append(div);
    });
    const added = new Widget(page, page.locator("#added"));
    await page.evaluate(() => (window as any).phoneVerify.scan());
    await expect(added.getPin).toBeVisible();
    await page.evaluate(() => (window as any).phoneVerify.scan());
    await expect(added.getPin).toHaveCount(1);
  });

  test("shadow: the widget lives in an open root, its field does not", async ({ page, open, server, phone }) => {
    const widget = await open("form?attributes=shadow");
    await widget.requestPin(phone);
    expect(await widget.root.evaluate((element) => element.shadowRoot?.querySelector("input") !== null)).toBe(true);
    await widget.enterPin(await server.codeFor(phone));
    await widget.expectVerified();
    const { token } = (await hears(page, "callback")).detail;
    await expect(page.locator("#phone > input[type=hidden]")).toHaveValue(token);
    expect(await page.evaluate(() => new FormData(document.querySelector("form")!).get("phone-token"))).toBe(token);
  });

  test("auto: the last digit is enough", async ({ open, server, phone }) => {
    const widget = await open("form?attributes=auto");
    await widget.requestPin(phone);
    await widget.pin.pressSequentially(await server.codeFor(phone));
    await widget.expectVerified();
  });
});
