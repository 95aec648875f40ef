import type { Page } from "@playwright/test";
import { expect, hears, test, type Widget } from "../fixtures";

const caret = (widget: Widget) => widget.number.evaluate((field) => (field as HTMLInputElement).selectionStart);

async function ready(page: Page, open: (scenario: string) => Promise<Widget>): Promise<Widget> {
  const widget = await open("form?attributes=country=GB");
  await hears(page, "phone-verify:ready");
  await expect(widget.country).toHaveText(/United Kingdom/);
  return widget;
}

test("digits are grouped while they are typed, wherever they are typed and deleted, and the caret stays", async ({ page, open }) => {
  const widget = await ready(page, open);
  await widget.number.pressSequentially("07400123456");
  await expect(widget.number).toHaveValue("07400 123456");
  expect(await caret(widget)).toBe(12);
  await page.keyboard.press("Home");
  for (let step = 0; step < 3; step += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.type("9");
  await expect(widget.number).toHaveValue("07490 0123456");
  expect(await caret(widget)).toBe(4);
  await page.keyboard.press("Backspace");
  await expect(widget.number).toHaveValue("07400 123456");
  expect(await caret(widget)).toBe(3);
  await page.keyboard.press("Delete");
  await expect(widget.number).toHaveValue("07401 23456");
  expect(await caret(widget)).toBe(3);
  // Only the space stands before the caret: the digit beyond it goes.
  for (let step = 0; step < 3; step += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Backspace");
  await expect(widget.number).toHaveValue("07402 3456");
  expect(await caret(widget)).toBe(4);
});

test("a plus means another country, and its numbers' groups", async ({ page, open }) => {
  const widget = await ready(page, open);
  await widget.number.pressSequentially("+33612345678");
  await expect(widget.number).toHaveValue("+33 6 12 34 56 78");
  await expect(widget.country).toHaveText(/France/);
});

test("pasted and filled in, any spelling of any script is grouped; what is no number stays", async ({ page, open }) => {
  const widget = await ready(page, open);
  for (const [spelling, shown] of [
    ["(07400) 12-34-56", "07400 123456"],
    ["+44 7400.123456", "+44 7400 123456"],
    ["٠٧٤٠٠١٢٣٤٥٦", "07400 123456"],
    ["０７４００ １２３４５６", "07400 123456"],
    ["07400 123456 ext. 7", "07400 123456 ext. 7"],
  ] as const) {
    await widget.number.fill("");
    await page.keyboard.insertText(spelling);
    await expect(widget.number).toHaveValue(shown);
  }
});

test("another country groups what is there in its own way; Change number keeps it", async ({ page, open, phone }) => {
  const widget = await ready(page, open);
  await widget.number.fill(phone.slice(2));
  await widget.country.click();
  await page.keyboard.type("united st");
  await page.keyboard.press("Enter");
  const shown = phone.slice(2).replace(/(...)(...)(....)/, "$1-$2-$3");
  await expect(widget.number).toHaveValue(shown);
  await widget.getPin.click();
  await widget.changeNumber.click();
  await expect(widget.number).toHaveValue(shown);
});

test("characters that are being composed are left alone until they are done", async ({ page, open }) => {
  const widget = await ready(page, open);
  await widget.number.focus();
  const input = await page.context().newCDPSession(page);
  await input.send("Input.imeSetComposition", { text: "０７４００１２", selectionStart: 7, selectionEnd: 7 });
  await expect(widget.number).toHaveValue("０７４００１２");
  await input.send("Input.insertText", { text: "０７４００１２" });
  await expect(widget.number).toHaveValue("07400 12");
});
