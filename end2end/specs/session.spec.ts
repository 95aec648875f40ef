import { expect, test, Widget } from "../fixtures";
import { DEMO } from "../fixtures/server";

const HOST = "http://shop.localhost:8181";

/** Begins a session as the site's own server does. */
async function begin(server: string): Promise<{ session: string; url: string }> {
  const reply = await fetch(`${server}/v1/sessions`, {
    method: "POST",
    headers: {
      Authorization: `Basic ${btoa(`${DEMO.key}:${DEMO.secret}`)}`,
      "Content-Type": "application/json",
    },
    body: JSON.stringify({ subject: "user-17", return_url: `${HOST}/done` }),
  });
  expect(reply.status).toBe(201);
  return reply.json();
}

test("the server's own page for a session leads back to the host once the number is proved", async ({
  page,
  server,
  phone,
}) => {
  await page.route(`${HOST}/**`, (route) => route.fulfill({ contentType: "text/html", body: "<h1>Done</h1>" }));
  const { url } = await begin(server.url);
  await page.goto(url);
  const widget = new Widget(page, page.locator("main"));
  await widget.requestPin(phone);
  await widget.enterPin(await server.codeFor(phone));
  await expect(page).toHaveURL(`${HOST}/done`);
});
