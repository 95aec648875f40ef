// An order form that takes no order without a verified phone number.
import { randomBytes } from "node:crypto";
import express from "express";
import session from "express-session";
import * as pages from "./pages.js";
import { Refused, SERVER, Unavailable, redeem, verify } from "./phone.js";

const POLICY = [
  "default-src 'none'",
  `script-src ${SERVER} 'wasm-unsafe-eval'`,
  `style-src ${SERVER}`,
  `connect-src ${SERVER}`,
  "img-src data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

const app = express();
app.disable("x-powered-by");
app.use((_request, response, next) => {
  response.set("Content-Security-Policy", POLICY);
  next();
});
app.use(express.urlencoded({ extended: false, limit: "16kb" }));
app.use(
  session({
    secret: process.env.SESSION_SECRET ?? randomBytes(32).toString("hex"),
    // Another site's form cannot post in this session's name.
    cookie: { httpOnly: true, sameSite: "lax" },
    resave: false,
    saveUninitialized: false,
  }),
);

app.get("/", ({ session }, response) => {
  session.nonce ??= randomBytes(16).toString("base64url");
  response.send(pages.order({ nonce: session.nonce }));
});

app.post("/", async ({ session, body = {} }, response) => {
  const again = (status, problem, token) =>
    response.status(status).send(pages.order({ nonce: session.nonce, problem, token, fields: body }));
  const token = body["phone-token"];
  session.nonce ??= randomBytes(16).toString("base64url");
  try {
    if (typeof token !== "string" || token === "") throw new Refused("missing");
    const claims = await verify(token, { nonce: session.nonce, purpose: "order", number: session.number });
    const whole = [body.name, body.item].every((field) => typeof field === "string" && field.trim() !== "" && field.length <= 100);
    // The token is still good: the widget gets it back and the number stays verified.
    if (!whole) return again(422, "Fill in name and item.", token);
    await redeem(token);
    // The session's further orders need the same number.
    session.number = claims.phone_number_index;
    session.item = body.item;
    response.redirect(303, "/receipt");
  } catch (error) {
    if (error instanceof Refused) return again(422, `Verify your phone number. The proof is ${error.message}.`);
    if (error instanceof Unavailable) return again(503, "Your number cannot be checked at the moment. Please try again.");
    throw error;
  }
});

app.get("/receipt", ({ session }, response) => {
  if (session.item === undefined) response.redirect(303, "/");
  else response.send(pages.receipt({ item: session.item }));
});

const server = app.listen(Number(process.env.PORT ?? 4002), "127.0.0.1", () => {
  console.log(`order form at http://127.0.0.1:${server.address().port}/`);
});
process.on("SIGTERM", () => {
  server.close();
  server.closeAllConnections();
});
