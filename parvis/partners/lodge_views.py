"""On a lodge's telephone: enrolling it, taking it with a code, giving it back."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from parvis.partners import lodges
from parvis.partners.models import Caretaker, LodgePhone

KEPT = 400 * 24 * 3600  # seconds, as long as browsers keep a cookie; each shift begins it anew


class TakeForm(forms.Form):
    """Who takes the telephone, and their code."""

    caretaker = forms.ModelChoiceField(
        label="Vous êtes",
        queryset=Caretaker.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "Touchez votre nom."},
    )
    code = forms.CharField(
        label="Votre code",
        max_length=6,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "keypad"}
        ),
        error_messages={"required": "Tapez vos six chiffres."},
    )


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def take_phone(request: HttpRequest) -> HttpResponse:
    """Touch one's name, type one's code: the shift begins."""
    phone = lodges.phone_of(request.COOKIES.get(lodges.COOKIE, ""))
    if phone is None:
        return render(request, "partners/lodge_unknown.html", status=403)
    form = TakeForm(request.POST or None)
    caretakers = lodges.caretakers_of(phone.lodge)
    form.fields["caretaker"].queryset = caretakers  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            lodges.start_shift(request, phone, data["caretaker"], data["code"])
        except lodges.ShiftRefused as refusal:
            form.add_error("code", str(refusal))
        else:
            return _remember(redirect(settings.LOGIN_REDIRECT_URL), request.COOKIES[lodges.COOKIE])
    return render(request, "partners/lodge.html", {"form": form, "phone": phone})


@require_POST
def end_shift(request: HttpRequest) -> HttpResponse:
    """Give the telephone back to the lodge."""
    lodges.end_shift(request)
    return redirect("partners:lodge")


@never_cache
@require_http_methods(["GET", "POST"])
def enrol_phone(request: HttpRequest, token: str) -> HttpResponse:
    """The link opened on the telephone; a button uses it up, since messengers open links alone."""
    phone = lodges.phone_to_enrol(token)
    if phone is None:
        return render(request, "partners/lodge_link_used.html", status=410)
    if request.method == "GET":
        return render(request, "partners/lodge_enrol.html", {"phone": phone})
    return _enrolled(request, phone)


def _enrolled(request: HttpRequest, phone: LodgePhone) -> HttpResponse:
    carried = lodges.enrol_phone(phone)
    if carried is None:
        return render(request, "partners/lodge_link_used.html", status=410)
    return _remember(redirect("partners:lodge"), carried)


def _remember(answer: HttpResponse, token: str) -> HttpResponse:
    answer.set_cookie(
        lodges.COOKIE,
        token,
        max_age=KEPT,
        path="/loge/",
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return answer
