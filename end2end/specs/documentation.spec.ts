import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { expect, freshNumber, type Server, test } from "../fixtures";
import { at, type Block, blocks } from "../fixtures/blocks";
import { output, python } from "../fixtures/python";
import { filledIn, shell } from "../fixtures/shell";
import { FakeTwilio } from "../fixtures/twilio";

const run = promisify(execFile);

/** Blocks that another test runs, and the words in it that show it. */
const ELSEWHERE: Record<string, [file: string, words: string]> = {
  "docs/tokens.md rust": ["token/src/lib.rs", 'include_str!("../../docs/tokens.md")'],
  "docs/leptos.md rust": ["examples/leptos/tests/page.rs", "the_documentation_shows_it_word_for_word_in_fewer_than_40_lines_of_code"],
  "docs/verify-v2.md js": ["server/tests/routes/v2/libraries.rs", "what_the_page_shows_for_node_and_python_runs"],
  "docs/verify-v2.md python": ["server/tests/routes/v2/libraries.rs", "what_the_page_shows_for_node_and_python_runs"],
};

/** What no test can have: a database of the reader's own, and the queries for it. */
const OF_THE_READER = ({ language, code }: Block) => language === "sql" || code.includes("--database postgres://");

/** How many blocks are not run: a further one is a change to this number. */
const NOT_RUN = 16;

const NUMBER = "+12015550123";
const HOST = { nonce: "n-1", purpose: "order" };
/** What the pages leave to the environment. */
const SECRETS = {
  TWILIO_ACCOUNT_SID: `AC${"0123456789abcdef".repeat(2)}`,
  TWILIO_AUTH_TOKEN: "fedcba9876543210".repeat(2),
  TWILIO_FROM_NUMBER: "+15005550006",
  PHONE_VERIFY__SITES__0__SECRET: "something-of-ones-own",
};

/** What lies in the reader's folder. */
const FILES = { "numbers.csv": "subject,phone_number\nuser-1,+12025550123\n" };

test.use({ settings: { PHONE_VERIFY__LIMITS__NUMBER__SPACING: "0s" } });

const all = blocks();
const runnable = all.filter((block) => !block.notRun && !OF_THE_READER(block) && !ELSEWHERE[`${block.page} ${block.language}`]);
const of = (...languages: string[]) => runnable.filter(({ language }) => languages.includes(language));
const title = ({ page, line }: Block) => `${page}, line ${line}`;
const onServer = (code: string, server: Server) =>
  code.replaceAll("https://verify.example.com", server.url).replaceAll("http://127.0.0.1:3000", server.url);

test("every block is run here, or elsewhere, or says why not; and those are counted", () => {
  const known = ["sh", "json", "toml", "html", "js", "css", "ts", "python"];
  expect(runnable.filter(({ language }) => !known.includes(language)).map(title)).toEqual([]);
  for (const [file, words] of Object.values(ELSEWHERE)) expect(readFileSync(at(file), "utf8")).toContain(words);
  expect(all.length).toBeGreaterThan(50);
  expect(all.filter((block) => block.notRun && !OF_THE_READER(block)).map(title)).toHaveLength(NOT_RUN);
});

test("JSON is JSON", () => {
  for (const block of of("json")) expect(() => JSON.parse(block.code), title(block)).not.toThrow();
});

test("settings are taken", async () => {
  for (const block of of("toml")) {
    const site = block.code.includes("[[sites]]") ? "" : '\n[[sites]]\nkey = "shop"\n';
    const gateway = { PHONE_VERIFY__HTTP_SENDER__URL: "https://sms.example.com/", PHONE_VERIFY__HTTP_SENDER__BODY: '{"to": "{to}", "text": "{text}"}' };
    const more = { PHONE_VERIFY__SITES__0__KEY: "shop", PHONE_VERIFY__SITES__0__COUNTRIES: "US", ...(/"http"/.test(block.code) ? gateway : {}) };
    await test.step(title(block), async () => {
      await shell("phone-verify config check --config block.toml", { ...SECRETS, ...more }, { "block.toml": filledIn(block.code) + site });
    });
  }
});

/** A verification as the pages have one at that point: begun, or with its token. */
async function begun(server: Server, approved: boolean): Promise<Record<string, string>> {
  const ask = async (path: string, body: object, secret = "") => {
    const headers = { "content-type": "application/json", ...(secret ? { authorization: `Bearer ${secret}` } : {}) };
    return (await fetch(server.url + path, { method: "POST", headers, body: JSON.stringify(body) })).json();
  };
  const start = await ask("/v1/verifications", { site_key: "demo", channel: "sms", phone_number: NUMBER, ...HOST });
  if (!approved) return start;
  const checked = await ask(`/v1/verifications/${start.id}/check`, { code: await server.codeFor(NUMBER) }, start.client_secret);
  return { ...start, ...checked };
}

test("commands do what they are shown to do", async ({ server }) => {
  test.setTimeout(90_000);
  const fake = await FakeTwilio.start();
  const settings = all.filter(({ page, language }) => page === "docs/configuration.md" && language === "toml")[1]!;
  for (const block of of("sh")) {
    await test.step(title(block), async () => {
      const view = await begun(server, /token|TOKEN/.test(block.code));
      const code = onServer(block.code, server)
        .replaceAll("http://127.0.0.1:4010", fake.env.TWILIO_API_URL!)
        .replace('"token":"…"', `"token":"${view.token}"`);
      const env = {
        ...(/^phone-verify /m.test(code) ? SECRETS : {}),
        SERVER: server.url,
        ID: view.id!,
        SECRET: view.client_secret!,
        TOKEN: view.token ?? "",
        SITE_KEY: "demo",
        SITE_SECRET: "demo-secret",
      };
      await shell(code, env, { ...FILES, "view.json": JSON.stringify(view), "phone-verify.toml": settings.code });
    });
  }
  await fake.stop();
});

test("pages and scripts make a widget", async ({ page, host, server }) => {
  const widget = page.getByRole("textbox", { name: "Phone number", exact: true });
  for (const block of of("html")) {
    await page.goto(host.offer(`<!doctype html><link rel="icon" href="data:,">${onServer(block.code, server)}`));
    await expect(widget, title(block)).toBeVisible();
    await expect(page.locator("phone-verify"), title(block)).toHaveAttribute("data-state", "number");
  }
  for (const block of of("js").filter(({ code }) => code.includes("phoneVerify."))) {
    const script = `<script async type="module" src="${server.url}/embed/v1/phone-verify.js"></script>`;
    await page.goto(host.offer(`<!doctype html><link rel="icon" href="data:,">${script}<div id="here"></div>`));
    await page.waitForFunction(() => "phoneVerify" in window);
    await page.addScriptTag({ content: block.code });
    await expect(widget, title(block)).toBeVisible();
  }
  for (const block of of("css")) {
    const taken = await page.evaluate((css) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      return [...sheet.cssRules].reduce((sum, rule) => sum + (rule as CSSStyleRule).style.length, 0);
    }, block.code);
    expect(taken, title(block)).toBe(block.code.match(/;$/gm)?.length);
  }
});

test("a host's code in Node takes a token of this server, and no other session's", async ({ server }) => {
  const folder = at("widget/npm/.blocks");
  await mkdir(folder, { recursive: true });
  for (const block of of("js").filter(({ code }) => code.includes("export async function"))) {
    const [, name] = /export async function (\w+)\(token, nonce\)/.exec(block.code) ?? [];
    const token = await server.tokenFor(freshNumber(), { site_key: "demo", ...HOST });
    const call = `${onServer(block.code, server)}
      const answer = (nonce) => ${name}(${JSON.stringify(token)}, nonce).then(Boolean, () => false);
      console.log(JSON.stringify([await answer("another"), await answer("n-1")]));`;
    await writeFile(`${folder}/block.mjs`, call);
    const { stdout } = await run(process.execPath, [`${folder}/block.mjs`], { env: { ...process.env, PHONE_VERIFY_SITE_SECRET: "demo-secret" } });
    expect(JSON.parse(stdout), title(block)).toEqual([false, true]);
  }
  await rm(folder, { recursive: true });
});

test("a host's code in Python takes a token of this server, and no other session's", async ({ server }) => {
  for (const block of of("python")) {
    const [, name] = /^def (\w+)\(token: str, nonce: str\)/m.exec(block.code) ?? [];
    const token = await server.tokenFor(freshNumber(), { site_key: "demo", ...HOST });
    const call = `${onServer(block.code, server)}
assert ${name}(${JSON.stringify(token)}, "n-1")["aud"] == "demo"
try:
    ${name}(${JSON.stringify(token)}, "another")
    raise SystemExit("taken")
except ValueError:
    pass
`;
    await test.step(title(block), () => output(python(), ["-"], call));
  }
});

test("what is typed has the types that it is shown with", async () => {
  test.setTimeout(90_000);
  const folder = at("end2end/npm/.blocks");
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/tsconfig.json`, JSON.stringify({ extends: "../tsconfig.json", include: ["*.ts"] }));
  for (const [number, block] of of("ts").entries()) await writeFile(`${folder}/${number}.ts`, `${block.code}\nexport {};\n`);
  const { stdout } = await run(process.execPath, [at("end2end/node_modules/typescript/bin/tsc"), "--project", folder]).catch((error) => error);
  await rm(folder, { recursive: true });
  expect(stdout).toBe("");
});
