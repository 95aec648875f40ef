import { expect, test, wrong } from "../fixtures";
import { DEMO } from "../fixtures/server";

const HOST = "http://shop.localhost:8181";

test.use({ javaScriptEnabled: false });

test("a session's page does the whole job without JavaScript and leads back to the host", async ({
  page,
  server,
  phone,
}) => {
  await page.route(`${HOST}/**`, (route) => route.fulfill({ contentType: "text/html", body: "<h1>Done</h1>" }));
  const reply = await fetch(`${server.url}/v1/sessions`, {
    method: "POST",
    headers: { Authorization: `Basic ${btoa(`${DEMO.key}:${DEMO.secret}`)}`, "Content-Type": "application/json" },
    body: JSON.stringify({ subject: "user-18", return_url: `${HOST}/done` }),
  });
  const { url } = await reply.json();
  await page.goto(url);
  await expect(page.getByRole("textbox", { name: "Phone number" })).toHaveCount(1);
  await page.getByRole("combobox", { name: "Country" }).selectOption("US");
  await page.getByRole("textbox", { name: "Phone number" }).fill("12");
  await page.getByRole("button", { name: "Get PIN" }).click();
  await expect(page.getByRole("alert")).toContainText("not a valid phone number");

  await page.getByRole("textbox", { name: "Phone number" }).fill(phone);
  await page.getByRole("button", { name: "Get PIN" }).click();
  const code = await server.codeFor(phone);
  await page.getByRole("textbox", { name: "PIN" }).fill(wrong(code));
  // Enter verifies, as the first button of the form does.
  await page.getByRole("textbox", { name: "PIN" }).press("Enter");
  await expect(page.getByRole("alert")).toContainText("This PIN is wrong.");
  await page.getByRole("textbox", { name: "PIN" }).fill(code);
  await page.getByRole("button", { name: "Verify" }).click();
  await expect(page).toHaveURL(`${HOST}/done`);
});

test("the page to try it works without JavaScript, by a call too, and shows the token", async ({
  page,
  server,
  phone,
}) => {
  await page.goto(`${server.url}/`);
  await page.getByRole("textbox", { name: "Phone number" }).fill(phone);
  await page.getByRole("button", { name: "Get PIN" }).click();
  const code = await server.codeFor(phone);
  await page.getByRole("button", { name: "Call me instead" }).click();
  await page.getByRole("textbox", { name: "PIN" }).fill(code);
  await page.getByRole("button", { name: "Verify" }).click();
  await expect(page.getByRole("status")).toHaveText("Phone number verified");
  await expect(page.getByLabel("Token")).toContainText(".");
});
