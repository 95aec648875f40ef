"""The order form and its receipt."""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from .forms import OrderForm


@require_http_methods(["GET", "HEAD", "POST"])
def order(request: HttpRequest) -> HttpResponse:
    """Shows the form; takes an order with a verified number."""
    nonce = request.session.setdefault("nonce", secrets.token_urlsafe(16))
    number = request.session.get("number")
    form = OrderForm(request.POST if request.method == "POST" else None, nonce=nonce, number=number)
    if form.is_bound and form.is_valid():
        # The session's further orders need the same number.
        request.session["number"] = form.cleaned_data["number"]
        request.session["item"] = form.cleaned_data["item"]
        return redirect("receipt")
    page = {"form": form, "nonce": nonce, "phone_verify": settings.PHONE_VERIFY}
    return render(request, "order.html", page, status=422 if form.is_bound else 200)


@require_GET
def receipt(request: HttpRequest) -> HttpResponse:
    """What was ordered last in this session."""
    if "item" not in request.session:
        return redirect("order")
    return render(request, "receipt.html", {"item": request.session["item"]})
