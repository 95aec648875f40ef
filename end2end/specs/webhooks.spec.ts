import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { Webhook } from "standardwebhooks";
import { expect, Server, test } from "../fixtures";
import { output, python } from "../fixtures/python";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const VERIFY = fileURLToPath(new URL("../fixtures/verify_webhook.py", import.meta.url));

interface Message {
  body: string;
  headers: Record<string, string>;
}

/** Whether the library that is published for Node takes a message. */
function takenByNode({ body, headers }: Message): boolean {
  try {
    new Webhook(SECRET).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

/** The same with the library that is published for Python. */
async function takenByPython(messages: Message[]): Promise<boolean[]> {
  return JSON.parse(await output(python(), [VERIFY], JSON.stringify({ secret: SECRET, messages })));
}

/** What a real server tells a site of a whole verification. */
async function told(phone: string): Promise<Message[]> {
  const messages: Message[] = [];
  const http = createServer(async (request, response) => {
    const headers = Object.entries(request.headers).filter((header): header is [string, string] => typeof header[1] === "string");
    messages.push({ body: await text(request), headers: Object.fromEntries(headers) });
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const settings = {
    KEY: "demo",
    SECRET: "demo-secret",
    COUNTRIES: "*",
    ORIGINS: "loopback",
    WEBHOOK_URL: `http://127.0.0.1:${(http.address() as AddressInfo).port}/webhooks`,
    WEBHOOK_SECRET: SECRET,
  };
  const server = await Server.start(Object.fromEntries(Object.entries(settings).map(([key, value]) => [`PHONE_VERIFY__SITES__0__${key}`, value])));
  await server.tokenFor(phone, { site_key: "demo" });
  await expect.poll(() => messages.length).toBe(3);
  await server.stop();
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
  return messages;
}

test("Standard Webhooks' libraries for Node and Python take what the server tells, and refuse what was changed", async ({ phone }) => {
  const messages = await told(phone);
  expect(messages.map(({ body }) => JSON.parse(body).type).sort()).toEqual(["delivery.sent", "verification.approved", "verification.started"]);

  const [first, second] = messages as [Message, Message, Message];
  const changed = (headers: Record<string, string>): Message => ({ ...first, headers: { ...first.headers, ...headers } });
  const now = Number(first.headers["webhook-timestamp"]);
  const tampered = [
    { ...first, body: first.body.replace("demo", "evil") },
    { ...first, body: `${first.body} ` },
    { ...first, body: second.body },
    changed({ "webhook-id": second.headers["webhook-id"]! }),
    changed({ "webhook-timestamp": String(now + 1) }),
    changed({ "webhook-signature": second.headers["webhook-signature"]! }),
    changed({ "webhook-signature": `v1,${Buffer.alloc(32).toString("base64")}` }),
    changed({ "webhook-signature": first.headers["webhook-signature"]!.replace("v1,", "v1a,") }),
    { ...first, headers: { ...first.headers, "webhook-signature": "" } },
  ];
  const right = [...messages.map(() => true), ...tampered.map(() => false)];
  expect([...messages, ...tampered].map(takenByNode), "Node").toEqual(right);
  expect(await takenByPython([...messages, ...tampered]), "Python").toEqual(right);
});
