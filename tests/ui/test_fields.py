"""Fields that forms of several rooms ask for."""

from __future__ import annotations

from django import forms

from parvis.ui.fields import link_field


def test_a_browser_lets_an_address_through_that_the_form_completes() -> None:
    class Linked(forms.Form):
        page = link_field("Page")

    form = Linked({"page": "exemple.fr"})
    assert 'type="text"' in str(form["page"])
    assert form.is_valid()
    assert form.cleaned_data["page"] == "https://exemple.fr"
