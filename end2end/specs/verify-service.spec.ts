import { expect, hears, test, wrong } from "../fixtures/with-twilio";

/** Twilio Verify draws the codes and compares them. */
test.use({
  settings: {
    TWILIO_FROM_NUMBER: "",
    TWILIO_VERIFY_SERVICE_SID: `VA${"0123456789abcdef".repeat(2)}`,
    PHONE_VERIFY__SENDERS__SMS: "verify",
    PHONE_VERIFY__SENDERS__CALL: "verify",
    PHONE_VERIFY__LIMITS__CHECKS__PACING_FACTOR: "0s",
  },
});

test("the whole job through Twilio Verify: a wrong code, a call with the same code, the right one", async ({
  page,
  open,
  server,
  twilio,
  phone,
}) => {
  const widget = await open("form");
  await widget.requestPin(phone);
  const [sent] = await twilio.verificationsOf(phone);
  expect(sent).toMatchObject({ status: "pending", sends: 1, checks: 0 });
  const code = sent?.code ?? "";
  await widget.enterPin(wrong(code));
  await expect(widget.alert).toHaveText(/This PIN is wrong/);
  await widget.expectWaiting(widget.callMe, false);
  await widget.callMe.click();
  await expect.poll(async () => (await twilio.verificationsOf(phone))[0]?.sends).toBe(2);
  await widget.enterPin(code);
  await widget.expectVerified();
  const claims = await (await server.redeem((await hears(page, "callback")).detail.token)).json();
  expect(claims).toMatchObject({ amr: ["tel"], phone_number_verified: true });
  const [done, ...others] = await twilio.verificationsOf(phone);
  expect(others).toEqual([]);
  expect(done).toMatchObject({ status: "approved", checks: 2 });
});
