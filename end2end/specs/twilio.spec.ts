import { expect, freshNumber, hears, test } from "../fixtures/with-twilio";

test("by SMS: the code is read from the message that Twilio was asked to send", async ({ page, open, twilio, phone }) => {
  const widget = await open("form");
  await widget.requestPin(phone);
  const [message, ...others] = await twilio.deliveredTo(phone);
  expect(others).toEqual([]);
  expect(message).toMatchObject({ channel: "sms", to: phone });
  const code = /\b\d{6}\b/.exec(message?.body ?? "")?.[0] ?? "";
  await widget.enterPin(code);
  await widget.expectVerified();
  await hears(page, "callback");

  const [asked, ...more] = await twilio.askedFor(phone);
  expect(more).toEqual([]);
  expect(asked).toMatchObject({ method: "POST", status: 201, violations: [] });
  expect(asked?.path).toMatch(/^\/2010-04-01\/Accounts\/AC[0-9a-f]{32}\/Messages\.json$/);
  const names = asked?.form.map(([name]) => name) ?? [];
  expect(names.filter((name) => name !== "StatusCallback").sort()).toEqual(["Body", "From", "To", "ValidityPeriod"]);
});

test("by call: the same code is spoken three times", async ({ page, open, server, twilio, phone }) => {
  const widget = await open("form");
  await widget.requestPin(phone);
  await widget.expectWaiting(widget.callMe, false);
  await widget.callMe.click();
  await expect.poll(() => twilio.deliveredTo(phone)).toHaveLength(2);
  const [call, sms] = await twilio.deliveredTo(phone);
  expect(call).toMatchObject({ channel: "call", code: sms?.code });
  expect(sms?.code).toMatch(/^\d{6}$/);
  await widget.enterPin(call?.code ?? "");
  await widget.expectVerified();
  const claims = await (await server.redeem((await hears(page, "callback")).detail.token)).json();
  expect(claims.amr).toEqual(["tel"]);
  const asked = await twilio.askedFor(phone);
  expect(asked.map(({ path }) => path.replace(/.*\//, ""))).toEqual(["Messages.json", "Calls.json"]);
  expect(asked.flatMap(({ violations }) => violations)).toEqual([]);
});

test("by call alone, where the page wants nothing else", async ({ open, twilio, phone }) => {
  const widget = await open("form?attributes=channels=call");
  await widget.requestPin(phone);
  const [call, ...others] = await twilio.deliveredTo(phone);
  expect(others).toEqual([]);
  expect(call?.channel).toBe("call");
  await widget.enterPin(call?.code ?? "");
  await widget.expectVerified();
});

test.describe("Twilio in trouble", () => {
  // Five faults in a row, from test to test, would open the circuit breaker, which is not what these tests are about.
  test.beforeEach(async ({ server }) => {
    const start = { site_key: "demo", channel: "sms", phone_number: freshNumber() };
    const answer = await fetch(`${server.url}/v1/verifications`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(start),
    });
    expect(answer.status).toBe(201);
  });

  const broken = {
    "half an answer": { fault: "half" },
    "an answer that is not JSON": { fault: "garbage" },
    "a connection that is dropped": { fault: "drop" },
    "a 500": { answer: { status: 500 } },
  } as const;
  for (const [what, behaviour] of Object.entries(broken)) {
    test(`${what}: the message may be there, so the PIN is asked for and no second one is sent`, async ({ open, twilio, phone }) => {
      await twilio.behave({ to: phone, times: 1, ...behaviour });
      const widget = await open("form");
      await widget.requestPin(phone);
      expect(await twilio.askedFor(phone)).toHaveLength(1);
      const [message] = await twilio.deliveredTo(phone);
      await widget.enterPin(message?.code ?? "");
      await widget.expectVerified();
    });
  }

  test("so slow that nobody waits: the page goes on, and the code that comes late is good", async ({ open, twilio, phone }) => {
    test.slow();
    await twilio.behave({ to: phone, times: 1, delay_ms: 30_000 });
    const widget = await open("form");
    await widget.number.fill(phone);
    await widget.getPin.click();
    await expect(widget.pin).toBeVisible({ timeout: 25_000 });
    const [message, ...others] = await twilio.deliveredTo(phone);
    expect(others).toEqual([]);
    await widget.enterPin(message?.code ?? "");
    await widget.expectVerified();
  });

  test("credentials refused: the user is told, the log has the reason, no number is in it", async ({ open, server, twilio, phone, console }) => {
    console.expect(/^Failed to load resource: the server responded with a status of 503 /);
    await twilio.behave({ to: phone, answer: { status: 401, code: 20003, message: "Authenticate" } });
    const widget = await open("form");
    await widget.number.fill(phone);
    await widget.getPin.click();
    await expect(widget.alert).toHaveText(/\w+ \w+/);
    await widget.expectState("number");
    await expect.poll(() => server.log).toContain("20003");
    expect(server.log).not.toContain(phone.slice(1));
    expect(await twilio.deliveredTo(phone)).toEqual([]);
  });

  test("a number that has said STOP: told so, and a call is offered", async ({ page, open, twilio, phone }) => {
    await twilio.behave({ to: phone, on: "messages", answer: { status: 400, code: 21610, message: "unsubscribed" } });
    const widget = await open("form");
    await widget.number.fill(phone);
    await widget.getPin.click();
    expect((await hears(page, "phone-verify:error")).detail.code).toBe("opted_out");
    await expect(widget.alert).toHaveText(/\w+ \w+/);
    expect(await twilio.deliveredTo(phone)).toEqual([]);
  });

  test("a number that Twilio cannot text: the call still comes", async ({ open, twilio, phone }) => {
    await twilio.behave({ to: phone, on: "messages", answer: { status: 400, code: 21614, message: "not a mobile number" } });
    const widget = await open("form");
    await widget.requestPin(phone);
    await expect(widget.root).toContainText(/call/i);
    await widget.expectWaiting(widget.callMe, false);
    await widget.callMe.click();
    await expect.poll(() => twilio.deliveredTo(phone)).toHaveLength(1);
    const [call] = await twilio.deliveredTo(phone);
    await widget.enterPin(call?.code ?? "");
    await widget.expectVerified();
  });
});
