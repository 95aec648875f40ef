import { expect, heard, hears, test } from "../fixtures";

const fields = () => [...new FormData(document.querySelector("form")!).entries()];

test("only the hidden field is in the form's data, empty before and the token after", async ({ page, open, host, server, phone }) => {
  const widget = await open("form");
  await widget.number.fill(phone);
  expect(await page.evaluate(fields)).toEqual([["note", ""], ["phone-token", ""]]);
  await widget.requestPin(phone);
  await widget.pin.fill("1");
  expect(await page.evaluate(fields)).toEqual([["note", ""], ["phone-token", ""]]);
  await widget.enterPin(await server.codeFor(phone));
  await widget.expectVerified();
  const { token } = (await hears(page, "callback")).detail;
  expect(await page.evaluate(fields)).toEqual([["note", ""], ["phone-token", token]]);

  const before = host.forms.length;
  await page.getByRole("button", { name: "Order" }).click();
  await expect(page.getByRole("heading", { name: "Thanks" })).toBeVisible();
  expect(host.forms.slice(before).map(String)).toEqual([String(new URLSearchParams({ note: "", "phone-token": token }))]);
});

test("Enter does the widget's step and never sends the form", async ({ page, open, host, server, phone }) => {
  const widget = await open("form");
  const before = host.forms.length;
  await widget.number.fill(phone);
  await widget.number.press("Enter");
  await expect(widget.pin).toBeFocused();
  await widget.pin.fill(await server.codeFor(phone));
  await widget.pin.press("Enter");
  await widget.expectVerified();
  expect(page.url()).toBe(host.page("form"));
  expect(host.forms).toHaveLength(before);
});

test("Enter before the wasm is there does not send the form either", async ({ page, host, phone }) => {
  // The wasm never comes.
  await page.route("**/embed/v1/*.wasm", () => undefined);
  await page.goto(host.page("form"));
  const before = host.forms.length;
  const number = page.getByRole("textbox", { name: "Phone number", exact: true });
  await number.fill(phone);
  await number.press("Enter");
  await page.waitForTimeout(300);
  expect(page.url()).toBe(host.page("form"));
  expect(host.forms).toHaveLength(before);
});

test("the form's reset resets the widget", async ({ page, open, server, phone }) => {
  const widget = await open("form");
  await widget.requestPin(phone);
  await widget.enterPin(await server.codeFor(phone));
  await widget.expectVerified();
  await page.getByRole("button", { name: "Clear" }).click();
  await widget.expectState("number");
  await expect(widget.number).toBeVisible();
  expect(await page.evaluate(fields)).toEqual([["note", ""], ["phone-token", ""]]);
});

test("a token from before shows as verified, fills the field and fires nothing", async ({ page, open, server, phone }) => {
  const first = await open("form");
  await first.requestPin(phone);
  await first.enterPin(await server.codeFor(phone));
  await first.expectVerified();
  const { token } = (await hears(page, "callback")).detail;

  const shownAgain = await open(`form?attributes=${encodeURIComponent(`token="${token}"`)}`);
  await shownAgain.expectVerified();
  await shownAgain.expectState("verified");
  expect(await page.evaluate(fields)).toEqual([["note", ""], ["phone-token", token]]);
  expect(await heard(page, "phone-verify:verified")).toEqual([]);
  expect(await heard(page, "callback")).toEqual([]);
});

test("a token whose time is over is no proof", async ({ page, open }) => {
  const past = Buffer.from(JSON.stringify({ exp: 1_700_000_000 })).toString("base64url");
  const widget = await open(`form?attributes=${encodeURIComponent(`token="e30.${past}.c2ln"`)}`);
  await widget.expectState("number");
  expect(await page.evaluate(fields)).toEqual([["note", ""], ["phone-token", ""]]);
});
