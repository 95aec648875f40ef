"""Two HTML files and a form post, on Python's own HTTP server: no framework."""

import html
import os
import secrets
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from urllib.parse import parse_qs

import phone

PAGES = {file: Template((Path(__file__).parent / f"{file}.html").read_text()) for file in ("order", "receipt")}
POLICY = (
    f"default-src 'none'; script-src {phone.SERVER} 'wasm-unsafe-eval'; style-src {phone.SERVER}; "
    f"connect-src {phone.SERVER}; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
LONGEST_FORM = 16 * 1024

# By the random value of their cookie. A real shop keeps them in its database, and for a while only.
SESSIONS: dict[str, dict[str, str]] = {}


class Handler(BaseHTTPRequestHandler):
    """One request."""

    timeout = 10

    def do_GET(self) -> None:
        cookie, session = self.session()
        if self.path == "/":
            self.page(200, "order", cookie, nonce=session["nonce"])
        elif self.path == "/receipt" and "item" in session:
            self.page(200, "receipt", cookie, item=session["item"])
        else:
            self.redirect("/", cookie)

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LONGEST_FORM:
            self.send_error(413)
            return
        cookie, session = self.session()
        posted = parse_qs(self.rfile.read(int(length)).decode(errors="replace"))
        form = {name: posted.get(name, [""])[0].strip() for name in ("name", "item", "phone-token")}
        status, problem, token = take(form, session)
        if status == 303:
            self.redirect("/receipt", cookie)
        else:
            fields = {"name": form["name"], "item": form["item"]}
            self.page(status, "order", cookie, nonce=session["nonce"], problem=problem, token=token, **fields)

    def session(self) -> tuple[str, dict[str, str]]:
        sent = SimpleCookie(self.headers.get("Cookie", "")).get("session")
        cookie = sent.value if sent and sent.value in SESSIONS else secrets.token_urlsafe(32)
        return cookie, SESSIONS.setdefault(cookie, {"nonce": secrets.token_urlsafe(16)})

    def page(self, status: int, file: str, cookie: str, **values: str) -> None:
        values = {"problem": "", "token": "", "name": "", "item": ""} | values
        values |= {"server": phone.SERVER, "site_key": phone.SITE_KEY}
        body = PAGES[file].substitute({key: html.escape(value) for key, value in values.items()}).encode()
        self.send_response(status)
        self.common(cookie)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def redirect(self, path: str, cookie: str) -> None:
        self.send_response(303)
        self.common(cookie)
        self.send_header("Location", path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def common(self, cookie: str) -> None:
        # Another site's form cannot post in this session's name.
        self.send_header("Set-Cookie", f"session={cookie}; HttpOnly; SameSite=Lax; Path=/")


def take(form: dict[str, str], session: dict[str, str]) -> tuple[int, str, str]:
    """Takes an order, or says why not: the status, the problem, and the token where it is still good."""
    token = form["phone-token"]
    try:
        if not token:
            raise phone.Refused("missing")
        claims = phone.verify(token, nonce=session["nonce"], purpose="order", number=session.get("number"))
        if not all(0 < len(form[name]) <= 100 for name in ("name", "item")):
            return 422, "Fill in name and item.", token
        phone.redeem(token)
    except phone.Refused as refused:
        return 422, f"Verify your phone number. The proof is {refused}.", ""
    except phone.Unavailable:
        return 503, "Your number cannot be checked at the moment. Please try again.", ""
    # The session's further orders need the same number.
    session |= {"number": claims["phone_number_index"], "item": form["item"]}
    return 303, "", ""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "4003"))), Handler)
    print(f"order form at http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()
