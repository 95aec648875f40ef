import { expect, hears, test } from "../fixtures/with-twilio";

/** Twilio reports to the server what became of messages and calls, and asks it once a key is pressed. */
test.use({ settings: { PHONE_VERIFY__CALLS__PRESS_KEY: "true" } });

test("a message that arrives is said to have been delivered", async ({ open, twilio, phone }) => {
  await twilio.behave({ to: phone, callbacks: [{ status: "sent" }, { status: "delivered", after_ms: 200 }] });
  const widget = await open("form");
  await widget.requestPin(phone);
  await expect(widget.status).toHaveText("The message has been delivered.", { timeout: 20_000 });
});

test("a number that gets no texts is told so, and the call that it tries works", async ({ page, open, twilio, phone }) => {
  await twilio.behave({ to: phone, on: "messages", callbacks: [{ status: "undelivered", error_code: 30006 }] });
  const widget = await open("form");
  await widget.requestPin(phone);
  await expect(widget.status).toHaveText("This number cannot receive text messages. A call may work.", { timeout: 20_000 });
  await widget.expectWaiting(widget.callMe, false);
  await widget.callMe.click();
  await expect.poll(() => twilio.deliveredTo(phone)).toHaveLength(2);

  // Nothing is said before a key is pressed: a voice mailbox presses none.
  const [call] = await twilio.deliveredTo(phone);
  expect(call).toMatchObject({ channel: "call" });
  expect(call?.twiml).not.toMatch(/>\d</);
  const said = [...(await twilio.press(phone, "1")).matchAll(/>(\d)</g)].map(([, digit]) => digit).join("");
  expect(said).toMatch(/^(\d{6})\1\1$/);
  await widget.enterPin(said.slice(0, 6));
  await widget.expectVerified();
  await hears(page, "callback");
});

test("a line that is busy is said to be", async ({ open, twilio, phone }) => {
  await twilio.behave({ to: phone, on: "calls", callbacks: [{ status: "busy", after_ms: 100 }] });
  const widget = await open("form?attributes=channels=call");
  await widget.requestPin(phone);
  await expect(widget.status).toHaveText("The line was busy.", { timeout: 20_000 });
});
