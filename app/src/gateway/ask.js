// The server may ask for more than it did, when others share the network; no more often than this.
const TRIES = 3;

// The proof, by the script at `from`.
export async function solve(from, challenge) {
  return (await import(from)).solve(challenge);
}

// Asks the browser API: what comes back can be aborted, and its `answer` is a promise of JSON. Empty texts are left out.
export function ask(method, url, secret, key, body) {
  const asking = new AbortController();
  const headers = {};
  if (secret) headers.authorization = "Bearer " + secret;
  if (key) headers["idempotency-key"] = key;
  if (body) headers["content-type"] = "application/json";
  asking.answer = answer(url, { method, headers, credentials: "omit", signal: asking.signal }, body);
  return asking;
}

// The server's answer in the end: to the request as it is, or with the proof that the answer before asks for.
async function answer(url, request, body) {
  for (let tries = 0; ; tries++) {
    const answer = await (await fetch(url, { ...request, body: body && JSON.stringify(body) })).json();
    if (!answer.solver || tries === TRIES) return answer;
    body.challenge = await solve(new URL(answer.solver, url).href, JSON.stringify(answer.challenge));
  }
}
