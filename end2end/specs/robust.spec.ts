import { expect, heard, hears, test, Widget } from "../fixtures";

test("a slow API: the button does nothing more, one message, and it goes on", async ({ page, open, server, phone }) => {
  const widget = await open("form");
  await page.route("**/v1/verifications", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await route.continue();
  });
  await widget.number.fill(phone);
  await widget.getPin.click();
  await widget.expectState("sending");
  await expect(widget.getPin).toHaveAttribute("aria-disabled", "true");
  await expect(widget.status).toHaveText(/Sending/);
  await widget.getPin.dispatchEvent("click");
  await widget.number.press("Enter");
  await expect(widget.pin).toBeVisible();
  expect(await server.sentTo(phone)).toHaveLength(1);
});

for (const [what, answer] of [
  ["a page of HTML", { status: 200, contentType: "text/html", body: "<h1>Welcome</h1>" }],
  ["JSON of another shape", { status: 201, contentType: "application/json", body: '{"id":7,"status":"fine"}' }],
  ["an error of somebody else's", { status: 502, contentType: "text/html", body: "Bad gateway" }],
  ["nothing", { status: 200, body: "" }],
] as const) {
  test(`an API that answers ${what}: said in words, and pressing again works`, async ({ page, open, server, phone, console }) => {
    console.expect(/^Failed to load resource: the server responded with a status of 502/);
    const widget = await open("form");
    await page.route("**/v1/verifications", (route) =>
      route.request().method() === "POST" ? route.fulfill({ ...answer, headers: { "access-control-allow-origin": "*" } }) : route.continue(),
    );
    await widget.number.fill(phone);
    await widget.getPin.click();
    await expect(widget.alert).toHaveText(/We cannot reach the verification service/);
    await widget.expectState("number");
    expect((await heard(page, "phone-verify:error")).map(({ detail }) => detail.code)).toEqual(["unavailable"]);
    await page.unroute("**/v1/verifications");
    await widget.getPin.click();
    await expect(widget.pin).toBeVisible();
    expect(await server.sentTo(phone)).toHaveLength(1);
  });
}

test("a program that does not come: the page is told, and Start again tries again", async ({ page, host, phone, console }) => {
  console.expect(/^Failed to load resource: net::ERR_/);
  await page.route("**/embed/v1/*.wasm", (route) => route.abort());
  await page.goto(host.page("form"));
  const widget = new Widget(page, page.locator("#phone"));
  await widget.expectState("failed");
  await expect(widget.status).toHaveText(/We cannot reach/);
  expect((await hears(page, "phone-verify:error")).detail.code).toBe("unavailable");
  await page.unroute("**/embed/v1/*.wasm");
  await widget.startAgain.click();
  await widget.requestPin(phone);
});

test("the back button leads to the same verification; nothing is sent", async ({ page, open, host, server, phone }) => {
  const widget = await open("form");
  await widget.requestPin(phone);
  await page.goto(host.page("thanks"));
  await page.goBack();
  await expect(widget.pin).toBeVisible();
  await widget.enterPin(await server.codeFor(phone));
  await widget.expectVerified();
  expect(await server.sentTo(phone)).toHaveLength(1);
});

test("a panic in one widget is told to the page and leaves the other alone", async ({ page, open, server, phone, console }) => {
  console.expect(/RuntimeError: unreachable/);
  const first = await open("several", "first");
  const second = new Widget(page, page.locator("#second"));
  await second.requestPin(phone);
  // The page breaks, once, what the widget cannot do without.
  await page.evaluate(() => {
    const create = document.createElement;
    document.createElement = () => {
      document.createElement = create;
      throw new Error("no more elements");
    };
  });
  await first.number.fill(phone.replace(/\d\d$/, "98"));
  await first.getPin.click();
  await first.expectState("failed");
  const { from, detail } = await hears(page, "phone-verify:error");
  expect([from, detail.code]).toEqual(["first", "failed"]);
  await second.enterPin(await server.codeFor(phone));
  await second.expectVerified();
  await first.startAgain.click();
  await expect(first.pin.or(first.number)).toBeVisible();
});

/** Counted after `MOUNTS` mounts and unmounts; a leak of one thing each would show in any number. */
const MOUNTS = Number(process.env.MOUNTS ?? 3_000);

test("mounted and unmounted thousands of times, nothing grows", async ({ page, host }) => {
  test.setTimeout(300_000);
  await page.addInitScript(() => {
    const instantiate = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...given: Parameters<typeof instantiate>) => {
      const made = await instantiate(...given);
      const memory = Object.values(made.instance.exports).find((one) => one instanceof WebAssembly.Memory);
      Object.assign(window, { memory });
      return made;
    };
  });
  await page.goto(host.page("render"));
  const mount = (times: number) =>
    page.evaluate(async (times) => {
      const place = document.getElementById("here")!;
      for (let count = 0; count < times; count += 1) {
        const element = document.createElement("phone-verify");
        element.setAttribute("site-key", "demo");
        const ready = new Promise((resolve) => element.addEventListener("phone-verify:ready", resolve, { once: true }));
        place.append(element);
        await ready;
        element.remove();
        // What belongs to it goes in tasks of its own.
        await new Promise((resolve) => setTimeout(resolve));
      }
      (window as unknown as { heard: unknown[] }).heard.length = 0;
    }, times);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const measure = async () => {
    await devtools.send("HeapProfiler.collectGarbage");
    const { metrics } = await devtools.send("Performance.getMetrics");
    const metric = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? NaN;
    const memory = await page.evaluate(() => (window as unknown as { memory: WebAssembly.Memory }).memory.buffer.byteLength);
    return { nodes: metric("Nodes"), listeners: metric("JSEventListeners"), memory };
  };
  await mount(200);
  const before = await measure();
  await mount(MOUNTS);
  const after = await measure();
  expect(after.memory).toBe(before.memory);
  expect(after.nodes).toBeLessThan(before.nodes + 50);
  expect(after.listeners).toBeLessThan(before.listeners + 50);
});
