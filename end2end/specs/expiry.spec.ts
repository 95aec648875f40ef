import { expect, hears, test } from "../fixtures";

/** Codes and tokens here live for seconds. */
test.use({ settings: { PHONE_VERIFY__CODE__TTL: "5s" } });

test("a verification that nobody ends: the page is told, and starts again", async ({ page, open, phone }) => {
  const widget = await open("form");
  await widget.requestPin(phone);
  expect((await hears(page, "phone-verify:expired")).detail).toEqual({ what: "verification" });
  await widget.expectState("expired");
  await widget.startAgain.click();
  await widget.expectState("number");
  await expect(widget.number).toBeVisible();
});
