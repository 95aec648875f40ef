"""The whole of phone verification on this server: check a token offline, then redeem it, once."""

import base64
import hmac
import json
import urllib.error
import urllib.request

import jwt
from django.conf import settings

SERVER = settings.PHONE_VERIFY["URL"]
SITE_KEY = settings.PHONE_VERIFY["SITE_KEY"]
SITE_SECRET = settings.PHONE_VERIFY["SITE_SECRET"]

# Kept for five minutes; a token of an unknown key has them fetched anew, every 30 s at most.
KEYS = jwt.PyJWKClient(f"{SERVER}/.well-known/jwks.json", lifespan=300, timeout=5)


class Refused(Exception):
    """The token proves nothing here; the text says why."""


class Unavailable(Exception):
    """The phone-verify server cannot be asked, so nothing is known."""


def verify(token: str, *, nonce: str, purpose: str, number: str | None) -> dict:
    """The claims of a token of this site for this session and purpose, and for this number's index where one is known."""
    try:
        decoded = jwt.decode_complete(
            token,
            KEYS.get_signing_key_from_jwt(token),
            algorithms=["ES256"],
            issuer=SERVER,
            audience=SITE_KEY,
            leeway=60,
            options={"require": ["exp", "iat", "iss", "aud", "jti"], "strict_aud": True},
        )
    except (jwt.PyJWKClientConnectionError, json.JSONDecodeError) as error:
        raise Unavailable from error
    except jwt.ExpiredSignatureError as error:
        raise Refused("expired") from error
    except jwt.InvalidAudienceError as error:
        raise Refused("for another site") from error
    except jwt.PyJWTError as error:
        raise Refused("not valid") from error
    claims = decoded["payload"]
    if decoded["header"].get("typ") != "pv+jwt" or claims.get("phone_number_verified") is not True:
        raise Refused("not valid")
    if not hmac.compare_digest(str(claims.get("nonce")).encode(), nonce.encode()):
        raise Refused("for another session")
    if claims.get("purpose") != purpose:
        raise Refused("for another purpose")
    if number is not None and claims.get("phone_number_index") != number:
        raise Refused("for another number")
    return claims


def redeem(token: str) -> None:
    """Uses the token up. Only the server knows whether that has been done before, so it is asked last."""
    credentials = base64.b64encode(f"{SITE_KEY}:{SITE_SECRET}".encode()).decode()
    request = urllib.request.Request(
        f"{SERVER}/v1/tokens/redeem",
        data=json.dumps({"token": token}).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Basic {credentials}"},
    )
    try:
        urllib.request.urlopen(request, timeout=5).close()
    except urllib.error.HTTPError as error:
        if error.code == 409:
            raise Refused("used before") from error
        if error.code == 422:
            raise Refused("not valid") from error
        raise Unavailable from error
    except OSError as error:
        raise Unavailable from error
