import { expect, hears, test as base, Server } from "../fixtures";

/** Servers that are killed are nobody else's. */
const test = base.extend<object, { server: Server }>({
  server: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
});

test("killed between the message and the PIN, the server goes on where it was", async ({ page, open, server, phone }) => {
  const widget = await open("form");
  await widget.requestPin(phone);
  const code = await server.codeFor(phone);
  const { id } = (await hears(page, "phone-verify:sent")).detail.verification;
  await server.crash();
  await widget.enterPin(code);
  await widget.expectVerified();
  const { token, verification } = (await hears(page, "callback")).detail;
  expect(verification.id).toBe(id);
  expect((await server.redeem(token)).status).toBe(200);
  await server.crash();
  expect((await server.redeem(token)).status).toBe(409);
});
