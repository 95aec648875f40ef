"""The form that is gated by a verified number."""

from django import forms

from . import phone


class OrderForm(forms.Form):
    """An order. It is valid once only: the last thing that its validation does is to redeem the token."""

    name = forms.CharField(label="Name", max_length=100)
    item = forms.CharField(label="Item", max_length=100)

    def __init__(self, *args, nonce: str, number: str | None, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.nonce = nonce
        self.number = number
        # Where other fields are wrong, the widget gets it back and the number stays verified.
        self.good_token = ""

    def clean(self) -> dict:
        cleaned = super().clean()
        token = self.data.get("phone-token", "")
        try:
            if not token:
                raise phone.Refused("missing")
            claims = phone.verify(token, nonce=self.nonce, purpose="order", number=self.number)
            if self.errors:
                self.good_token = token
            else:
                phone.redeem(token)
                cleaned["number"] = claims["phone_number_index"]
        except phone.Refused as refused:
            self.add_error(None, f"Verify your phone number. The proof is {refused}.")
        except phone.Unavailable:
            self.add_error(None, "Your number cannot be checked at the moment. Please try again.")
        return cleaned
