"""Twilio's library for Python as published; only the base URL is another."""

import datetime
import json
import os
import unittest
import urllib.parse
import urllib.request

from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

URL = os.environ["PHONE_VERIFY_URL"]
SERVICE = os.environ["SERVICE_SID"]
LAST = iter(range(134, 200))


def number():
    """A number that no other test has used."""
    return f"+12025550{next(LAST)}"


def client(url=URL, secret=os.environ["SITE_SECRET"]):
    client = Client(os.environ["ACCOUNT_SID"], secret)
    client.verify.base_url = url
    return client.verify.v2


def service(*arguments):
    return client(*arguments).services(SERVICE)


def code(to):
    """The code of the newest message to a number."""
    request = urllib.request.Request(
        f"{URL}/dev/outbox?to={urllib.parse.quote(to)}", headers={"accept": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)[0]["code"]


def wrong(code):
    return ("1" if code[0] == "0" else "0") + code[1:]


class Verify(unittest.TestCase):
    def refused(self, status, code, call):
        with self.assertRaises(TwilioRestException) as caught:
            call()
        self.assertEqual((caught.exception.status, caught.exception.code), (status, code))

    def test_start_wrong_check_right_check_fetch(self):
        to = number()
        started = service().verifications.create(to=to, channel="sms")
        self.assertEqual((started.status, started.to, started.valid), ("pending", to, False))
        self.assertIsInstance(started.date_created, datetime.datetime)
        again = service().verifications.create(to=to, channel="call")
        self.assertEqual((again.sid, len(again.send_code_attempts)), (started.sid, 2))
        digits = code(to)
        no = service().verification_checks.create(to=to, code=wrong(digits))
        self.assertEqual((no.status, no.valid), ("pending", False))
        yes = service().verification_checks.create(verification_sid=started.sid, code=digits)
        self.assertEqual((yes.status, yes.valid), ("approved", True))
        self.assertEqual(service().verifications(started.sid).fetch().status, "approved")
        self.refused(404, 20404, lambda: service().verification_checks.create(to=to, code=digits))

    def test_cancel_and_approve(self):
        for status in ("canceled", "approved"):
            to = number()
            started = service().verifications.create(to=to, channel="sms", custom_code="0123456")
            self.assertEqual(code(to), "0123456")
            self.assertEqual(service().verifications(to).update(status=status).status, status)
            self.assertEqual(service().verifications(started.sid).fetch().status, status)

    def test_used_up_checks(self):
        to = number()
        service().verifications.create(to=to, channel="sms")
        digits = wrong(code(to))
        for left in range(4, -1, -1):
            check = service().verification_checks.create(to=to, code=digits)
            self.assertEqual(check.status, "pending" if left else "max_attempts_reached")
        self.refused(429, 60202, lambda: service().verification_checks.create(to=to, code=digits))

    def test_rate_limits(self):
        to = number()
        waiting = service(os.environ["WAITING_URL"])
        waiting.verifications.create(to=to, channel="sms")
        self.refused(429, 20429, lambda: waiting.verifications.create(to=to, channel="sms"))
        twice = service(os.environ["TWICE_URL"])
        for _ in range(2):
            twice.verifications.create(to=to, channel="sms")
        self.refused(429, 60203, lambda: twice.verifications.create(to=to, channel="sms"))

    def test_what_is_not_there_who_may_not_and_what_is_wrong(self):
        self.refused(404, 20404, lambda: service().verifications("VE" + 32 * "0").fetch())
        self.refused(401, 20003, lambda: service(URL, "wrong").fetch())
        self.refused(400, 60200, lambda: service().verifications.create(to="12", channel="sms"))

    def test_attempts_and_their_summary(self):
        to = number()
        for _ in range(3):
            service().verifications.create(to=to, channel="sms")
        attempts = client().verification_attempts.list(channel_data_to=to, page_size=1)
        self.assertEqual(len(attempts), 3)
        one = client().verification_attempts(attempts[0].sid).fetch()
        self.assertEqual(one.verification_sid, attempts[0].verification_sid)
        summary = client().verification_attempts_summary().fetch(verify_service_sid=SERVICE)
        self.assertEqual(summary.total_attempts, summary.total_converted + summary.total_unconverted)


if __name__ == "__main__":
    unittest.main()
