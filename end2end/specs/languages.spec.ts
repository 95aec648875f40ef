import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { expect, hears, test, wrong } from "../fixtures";
import { DEMO } from "../fixtures/server";

test.use({
  settings: {
    // Long enough for a countdown to be read.
    PHONE_VERIFY__LIMITS__NUMBER__SPACING: "40s",
    PHONE_VERIFY__LIMITS__CHECKS__PACING_FACTOR: "0s",
  },
});

/** A language as its translators have written it: `key = "text"`, one a line, forms as `key.few`. */
async function words(tag: string): Promise<(key: string, values?: Record<string, string>) => string> {
  const file = await readFile(new URL(`../../words/languages/${tag}.toml`, import.meta.url), "utf8");
  const texts = new Map([...file.matchAll(/^([\w.]+) = (".*")$/gm)].map(([, key, text]) => [key, JSON.parse(text ?? "") as string]));
  return (key, values = {}) => {
    const text = texts.get(key);
    if (text === undefined) throw new Error(`${tag} does not say ${key}`);
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  };
}

/** The parts of a widget by their names in one language. */
async function parts(root: Locator, tag: string) {
  const say = await words(tag);
  const button = (key: string) => root.getByRole("button", { name: say(key), exact: true });
  const field = (key: string) => root.getByRole("textbox", { name: say(key), exact: true });
  return {
    say,
    country: root.getByRole("combobox", { name: say("country"), exact: true }),
    number: field("phone_number"),
    pin: field("pin"),
    getPin: button("get_pin"),
    verify: button("verify"),
    sendAgain: button("send_again"),
    alert: root.getByRole("alert"),
    status: root.getByRole("status"),
    inner: root.locator(".pv-root"),
  };
}

/** What a reader of this locale is told of how often one may still try, four, three, two times and once. */
const JOBS: { locale: string; tag: string; left: string[]; digits: RegExp; message: string }[] = [
  {
    locale: "ar-EG",
    tag: "ar",
    left: ["بقيت لك ٤ محاولات.", "بقيت لك ٣ محاولات.", "بقيت لك محاولتان.", "بقيت لك محاولة واحدة."],
    digits: /^خلال [٠-٩]+ ث$/,
    message: "رمزك",
  },
  {
    locale: "de-AT",
    tag: "de",
    left: ["Sie haben noch 4 Versuche.", "Sie haben noch 3 Versuche.", "Sie haben noch 2 Versuche.", "Sie haben noch einen Versuch."],
    digits: /^in \d+ s$/,
    message: "Ihr Code",
  },
  {
    locale: "ru",
    tag: "ru",
    left: ["Осталось 4 попытки.", "Осталось 3 попытки.", "Осталось 2 попытки.", "Осталась 1 попытка."],
    digits: /^через \d+ с$/,
    message: "ваш код",
  },
  {
    locale: "ja",
    tag: "ja",
    left: ["あと4回入力できます。", "あと3回入力できます。", "あと2回入力できます。", "あと1回入力できます。"],
    digits: /^\d+秒後$/,
    message: "認証コード",
  },
  {
    locale: "pt-BR",
    tag: "pt",
    left: ["Você tem mais 4 tentativas.", "Você tem mais 3 tentativas.", "Você tem mais 2 tentativas.", "Você tem mais 1 tentativa."],
    digits: /^em \d+ s$/,
    message: "seu código",
  },
  {
    locale: "hi-IN-u-nu-deva",
    tag: "hi",
    left: ["आप ४ बार और कोशिश कर सकते हैं।", "आप ३ बार और कोशिश कर सकते हैं।", "आप २ बार और कोशिश कर सकते हैं।", "आप १ बार और कोशिश कर सकते हैं।"],
    digits: /^[०-९]+ से\. में$/,
    message: "कोड",
  },
];

for (const { locale, tag, left, digits, message } of JOBS) {
  test(`the whole job in ${locale}: names, countdown, plural forms, message`, async ({ page, open, server, phone }) => {
    test.slow();
    const { root } = await open(`form?attributes=locale=${locale}`);
    const { say, ...widget } = await parts(root, tag);
    await hears(page, "phone-verify:ready");
    await expect(widget.inner).toHaveAttribute("lang", tag);
    expect(await widget.inner.evaluate((inner) => getComputedStyle(inner).direction)).toBe(tag === "ar" ? "rtl" : "ltr");
    await expect(widget.country).toBeVisible();
    await widget.country.click();
    await expect(root.getByRole("searchbox", { name: say("search_countries") })).toBeVisible();
    await expect(root.getByRole("option", { name: new Intl.DisplayNames(locale, { type: "region" }).of("JP") })).toHaveCount(1);
    await page.keyboard.press("Escape");
    await widget.getPin.click();
    await expect(widget.alert).toHaveText(say("number_missing"));

    await widget.number.fill(phone);
    await widget.getPin.click();
    await expect(widget.pin).toBeVisible();
    await expect(widget.status).toHaveText(say("text_on_its_way"));
    await expect(widget.sendAgain).toHaveAccessibleDescription(digits);
    const [sent] = await server.sentTo(phone);
    expect(sent?.body).toContain(message);
    const code = await server.codeFor(phone);
    for (const said of left) {
      await widget.pin.fill(wrong(code));
      await widget.verify.click();
      await expect(widget.alert).toHaveText(`${say("wrong_pin")} ${said}`);
    }
    await widget.pin.fill(code);
    await widget.verify.click();
    await expect(widget.status).toHaveText(say("phone_number_verified"));
  });
}

for (const [locale, tag] of [
  ["zh-TW", "zh-Hant"],
  ["zh-HK", "zh-Hant"],
  ["zh-CN", "zh"],
  ["es-419", "es"],
  ["nn-NO", "nb"],
  ["sw", "en"],
] as const) {
  test(`${locale} is spoken to in ${tag}`, async ({ open }) => {
    const { root } = await open(`form?attributes=lang=${locale}`);
    const widget = await parts(root, tag);
    await expect(widget.getPin).toBeVisible();
    await expect(widget.inner).toHaveAttribute("lang", tag);
  });
}

/** Notes every text that the widget has shown. */
async function watchTexts(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    new MutationObserver(() => {
      const text = document.querySelector("phone-verify")?.textContent?.trim();
      if (text && seen.at(-1) !== text) seen.push(text);
    }).observe(document, { childList: true, subtree: true, characterData: true });
  });
  return () => page.evaluate(() => (window as unknown as { seen: string[] }).seen);
}

test("the first form, which does not wait for the program, is in the page's language, and no other was shown before", async ({ page, host }) => {
  const seen = await watchTexts(page);
  let go = () => {};
  const may = new Promise<void>((resolve) => (go = resolve));
  await page.route("**/embed/v1/*.wasm", async (route) => (await may, route.continue()));
  await page.goto(host.page("form?attributes=lang=de country=DE"));
  const { say, ...widget } = await parts(page.locator("#phone"), "de");
  await widget.number.fill("030 123");
  await expect(widget.country).toBeVisible();
  await expect(widget.getPin).toBeVisible();
  await expect(widget.inner).toHaveAttribute("lang", "de");
  go();
  await hears(page, "phone-verify:ready");
  await expect(widget.number).toHaveValue("030 123");
  const texts = await seen();
  expect(texts.length).toBeGreaterThan(0);
  for (const text of texts) {
    expect(text).not.toContain("Get PIN");
    expect(text).toContain(say("get_pin"));
  }
});

test("a page in English loads no language, one in another loads one", async ({ page, host }) => {
  const files: string[] = [];
  page.on("request", (request) => request.url().includes("/words-") && files.push(request.url()));
  await page.goto(host.page("form"));
  await hears(page, "phone-verify:ready");
  expect(files).toEqual([]);
  await page.goto(host.page("form?attributes=locale=fr-CA"));
  await hears(page, "phone-verify:ready");
  expect(files).toHaveLength(1);
  const answer = await fetch(files[0] ?? "");
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  expect(answer.headers.get("cache-control")).toContain("immutable");
});

test("without its language's file the widget speaks English and works", async ({ page, open, server, phone, console }) => {
  console.expect(/^Failed to load resource: net::ERR_/);
  await page.route("**/embed/v1/words-*", (route) => route.abort());
  const widget = await open("form?attributes=locale=de");
  await widget.requestPin(phone);
  await widget.enterPin(await server.codeFor(phone));
  await widget.expectVerified();
  await expect(widget.root.locator(".pv-root")).toHaveAttribute("lang", "en");
});

test("another language in the middle acts at once and keeps what was typed", async ({ page, open, server, phone }) => {
  const { root } = await open("form");
  await hears(page, "phone-verify:ready");
  const [english, german, arabic, japanese] = await Promise.all(["en", "de", "ar", "ja"].map((tag) => parts(root, tag)));
  const speak = (locale: string) => root.evaluate((element, locale) => element.setAttribute("locale", locale), locale);
  await english!.number.fill(phone);
  await english!.number.focus();
  await speak("de");
  await expect(german!.getPin).toBeVisible();
  await expect(german!.number).toBeFocused();
  expect((await german!.number.inputValue()).replace(/\D/g, "")).toBe(phone.slice(1));
  await german!.getPin.click();
  await german!.pin.fill("12");
  await speak("ar");
  await expect(arabic!.verify).toBeVisible();
  await expect(arabic!.inner).toHaveAttribute("dir", "rtl");
  await expect(arabic!.pin).toHaveValue("12");
  // The last one counts, in whichever order the files come.
  await speak("fr");
  await speak("ja");
  await expect(japanese!.verify).toBeVisible();
  await expect(japanese!.inner).not.toHaveAttribute("dir");
  await japanese!.pin.fill(await server.codeFor(phone));
  await japanese!.verify.click();
  await expect(japanese!.status).toHaveText(japanese!.say("phone_number_verified"));
});

/** Begins a session as the site's own server does. */
async function session(server: string): Promise<string> {
  const authorization = `Basic ${btoa(`${DEMO.key}:${DEMO.secret}`)}`;
  const headers = { authorization, "content-type": "application/json" };
  const reply = await fetch(`${server}/v1/sessions`, { method: "POST", headers, body: JSON.stringify({ subject: "user-26" }) });
  return (await reply.json()).url;
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(`the server's own page, with${javaScriptEnabled ? "" : "out"} JavaScript`, () => {
    test.use({ locale: "de-CH", javaScriptEnabled });

    test("speaks its reader's language", async ({ page, server, phone }) => {
      await page.goto(await session(server.url));
      await expect(page.locator("html")).toHaveAttribute("lang", "de");
      const { say, ...widget } = await parts(page.locator("main").last(), "de");
      await expect(page.getByRole("heading", { name: say("verify_your_number") })).toBeVisible();
      if (!javaScriptEnabled) await widget.country.selectOption("US");
      await widget.number.fill(phone);
      await widget.getPin.click();
      await expect(widget.pin).toBeVisible();
      const code = await server.codeFor(phone);
      await widget.pin.fill(wrong(code));
      await widget.verify.click();
      await expect(widget.alert).toContainText(say("tries_left.other", { n: "4" }));
      await widget.pin.fill(code);
      await widget.verify.click();
      await expect(widget.status).toHaveText(say("phone_number_verified"));
      expect((await server.sentTo(phone))[0]?.body).toContain("Ihr Code");
    });
  });
}
