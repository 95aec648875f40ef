import { expect, heard, hears, test, wrong } from "../fixtures";

test("a number is verified, the page hears of it once, the token is good once", async ({ page, open, server, phone }) => {
  const widget = await open("form");
  await widget.requestPin(phone);
  await expect(widget.pin).toBeFocused();
  const sent = await hears(page, "phone-verify:sent");
  expect(sent.detail.channel).toBe("sms");
  expect(sent.detail.verification.status).toBe("pending");

  await widget.enterPin(await server.codeFor(phone));
  await widget.expectVerified();
  await widget.expectState("verified");

  const callback = await hears(page, "callback");
  const { token, verification } = callback.detail;
  expect(verification).toMatchObject({ status: "approved", id: sent.detail.verification.id });
  expect(verification).not.toHaveProperty("client_secret");
  await expect(page.locator("input[name=phone-token]")).toHaveValue(token);

  const order = (await heard(page)).filter(({ what }) => ["phone-verify:verified", "callback"].includes(what));
  expect(order.map(({ what }) => what), "the event, then the callback, each once").toEqual(["phone-verify:verified", "callback"]);
  expect(order.map(({ field }) => field), "the field before both").toEqual([token, token]);

  const redeemed = await server.redeem(token);
  expect(redeemed.status).toBe(200);
  expect(await redeemed.json()).toMatchObject({ aud: "demo", phone_number_verified: true, amr: ["sms"], origin: new URL(page.url()).origin });
  const again = await server.redeem(token);
  expect(again.status).toBe(409);
  expect(await again.json()).toMatchObject({ code: "already_redeemed" });
});

test("the states follow each other and are written on the element", async ({ page, open, server, phone }) => {
  const widget = await open("form");
  await widget.requestPin(phone);
  await widget.enterPin(await server.codeFor(phone));
  await widget.expectVerified();
  const states = (await heard(page, "phone-verify:state")).map(({ detail }) => [detail.previous, detail.state]);
  expect(states).toEqual([
    ["loading", "number"],
    ["number", "sending"],
    ["sending", "code"],
    ["code", "checking"],
    ["checking", "verified"],
  ]);
  expect(await heard(page, "phone-verify:ready")).toHaveLength(1);
  expect(await widget.root.evaluate((element) => (element as HTMLElement & { state: string }).state)).toBe("verified");
});

test("a wrong PIN is said in words and the right one still counts", async ({ page, open, server, phone }) => {
  const widget = await open("form");
  await widget.requestPin(phone);
  const code = await server.codeFor(phone);
  await widget.enterPin(wrong(code));
  await widget.expectError(widget.pin, /PIN/);
  await widget.expectState("code");
  expect((await hears(page, "phone-verify:error")).detail).toMatchObject({ code: "wrong_code" });
  await widget.enterPin(code);
  await widget.expectVerified();
});

test("a PIN with spaces, hyphens or other digits is understood", async ({ open, server, phone }) => {
  const widget = await open("form");
  await widget.requestPin(phone);
  const code = await server.codeFor(phone);
  const arabic = [...code].map((digit) => String.fromCharCode(0x660 + Number(digit))).join("");
  await widget.enterPin(`${arabic.slice(0, 3)} ${arabic.slice(3)}`);
  await widget.expectVerified();
});

test("a number that cannot be is said in words and nothing is sent", async ({ page, open }) => {
  const widget = await open("form");
  await widget.number.fill("+1 201 555");
  await widget.getPin.click();
  await widget.expectError(widget.number, /number/i);
  await widget.expectState("number");
  expect(await heard(page, "phone-verify:sent")).toEqual([]);
});

test("sending again waits for the countdown and carries the same PIN", async ({ open, server, phone }) => {
  const widget = await open("form");
  await widget.requestPin(phone);
  await widget.expectWaiting(widget.sendAgain, true);
  await expect(widget.sendAgain).toHaveAccessibleDescription(/\d/);
  await widget.sendAgain.click({ force: true });
  expect(await server.sentTo(phone)).toHaveLength(1);

  await widget.expectWaiting(widget.sendAgain, false);
  await widget.sendAgain.click();
  await expect.poll(() => server.sentTo(phone)).toHaveLength(2);
  const [second, first] = await server.sentTo(phone);
  expect(second).toMatchObject({ channel: "sms", code: first?.code, verification: first?.verification });
  await widget.enterPin(first?.code ?? "");
  await widget.expectVerified();
});

test("a call brings the same PIN", async ({ page, open, server, phone }) => {
  const widget = await open("form");
  await widget.requestPin(phone);
  await widget.expectWaiting(widget.callMe, false);
  await widget.callMe.click();
  await expect.poll(() => server.sentTo(phone)).toHaveLength(2);
  const [call, sms] = await server.sentTo(phone);
  expect(call).toMatchObject({ channel: "call", code: sms?.code });
  await widget.enterPin(call?.code ?? "");
  await widget.expectVerified();
  const claims = await (await server.redeem((await hears(page, "callback")).detail.token)).json();
  expect(claims.amr).toEqual(["tel"]);
});

test("another number starts another verification", async ({ page, open, server, phone }) => {
  const widget = await open("form");
  const mistyped = `${phone.slice(0, -2)}98`;
  await widget.requestPin(mistyped);
  await widget.changeNumber.click();
  await widget.expectState("number");
  await widget.requestPin(phone);
  await widget.enterPin(await server.codeFor(phone));
  await widget.expectVerified();
  const ids = (await heard(page, "phone-verify:sent")).map(({ detail }) => detail.verification.id);
  expect(new Set(ids).size).toBe(2);
});

test("after too many wrong PINs only a new start helps", async ({ open, server, phone }) => {
  const widget = await open("form");
  await widget.requestPin(phone);
  const code = await server.codeFor(phone);
  for (let left = 4; left > 0; left -= 1) {
    await widget.expectWaiting(widget.verify, false);
    await widget.enterPin(wrong(code));
    await widget.expectState("code");
    await widget.expectError(widget.pin, /PIN/);
  }
  await widget.expectWaiting(widget.verify, false);
  await widget.enterPin(wrong(code));
  await widget.expectState("exhausted");
  await widget.startAgain.click();
  await widget.expectState("number");
  await expect(widget.number).toBeVisible();
});

test("a server that is away is said in words, and pressing again works", async ({ page, context, open, server, phone, console }) => {
  console.expect(/^Failed to load resource: net::ERR_/);
  const widget = await open("form");
  await hears(page, "phone-verify:ready");
  await context.setOffline(true);
  await widget.number.fill(phone);
  await widget.getPin.click();
  await expect(widget.alert).toHaveText(/\w/);
  await widget.expectState("number");
  await context.setOffline(false);
  await widget.getPin.click();
  await expect(widget.pin).toBeVisible();
  expect(await server.sentTo(phone)).toHaveLength(1);
});
