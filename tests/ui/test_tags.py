"""The tags of every page."""

import datetime

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from lucide import IconDoesNotExist

from parvis.ui.components import Column, Item, Step


def rendered(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


class Sample(forms.Form):
    email = forms.EmailField(label="Votre e-mail", required=False, help_text="Pour vous répondre.")
    words = forms.CharField(label="Que se passe-t-il ?", widget=forms.Textarea)
    kind = forms.ChoiceField(
        label="Quoi ?", widget=forms.RadioSelect, choices=[("a", "Éclairage"), ("b", "Ascenseur")]
    )
    token = forms.CharField(widget=forms.HiddenInput, required=False)
    agreed = forms.BooleanField(label="J’ai lu")


def test_an_icon_is_hidden_from_screen_readers_and_carries_no_inline_style():
    html = rendered('{% icon "map-pin" %}')
    assert html.startswith("<svg")
    assert 'aria-hidden="true"' in html
    assert "style=" not in html


def test_an_icon_that_does_not_exist_is_a_mistake_that_shows():
    with pytest.raises(IconDoesNotExist):
        rendered('{% icon "no-such-icon" %}')


def test_a_count_agrees_with_its_word():
    assert rendered('{% plural n "avis" "avis" %}', n=2) == "2\u00a0avis"
    assert rendered('{% plural_word n "personne" "personnes" %}', n=0) == "personne"


def test_filters_leave_nothing_where_there_is_nothing():
    assert (
        rendered(
            "{{ x|day }}{{ x|moment }}{{ x|euros }}{{ x|delta_days }}{{ x|number }}{{ x|weight }}",
            x=None,
        )
        == ""
    )


def test_zero_euros_is_not_nothing():
    assert rendered("{{ x|euros }}", x=0) == "0,00\u202f€"


def test_a_state_is_a_sign_and_a_word_never_a_colour_alone():
    html = rendered('{% state_tag "done" "Réglé" %}')
    assert "<svg" in html
    assert "Réglé" in html
    assert 'class="tag done"' in html


def test_a_late_state_says_so_in_words_but_a_settled_one_is_never_late():
    assert "en retard" in rendered('{% state_tag "soon" "Programmé" late=True %}')
    assert "en retard" not in rendered('{% state_tag "done" "Réglé" late=True %}')


def test_what_people_write_in_a_state_is_escaped():
    assert "<b>" not in rendered('{% state_tag "" label %}', label="<b>x</b>")


@pytest.mark.parametrize(("percent", "width"), [(-5, "0%"), (62.4, "62%"), (140, "100%")])
def test_a_bar_never_leaves_its_frame(percent, width):
    assert f'class="bar-part" width="{width}"' in rendered("{% bar n %}", n=percent)


def test_help_and_errors_are_tied_to_their_field():
    form = Sample({"email": "pas une adresse"})
    html = rendered("{% field form.email %}", form=form)
    assert 'for="id_email"' in html
    assert 'aria-describedby="id_email_aide id_email_erreur"' in html
    assert 'id="id_email_aide"' in html
    assert 'id="id_email_erreur"' in html
    assert 'aria-invalid="true"' in html
    assert "pas une adresse" in html


def test_a_field_that_may_stay_empty_says_so():
    assert "(facultatif)" in rendered("{% field form.email %}", form=Sample())
    assert "(facultatif)" not in rendered("{% field form.words %}", form=Sample())


def test_choices_stand_in_a_named_group():
    html = rendered("{% field form.kind %}", form=Sample({}))
    assert "<fieldset" in html
    assert "<legend>Quoi ?" in html
    assert html.count('type="radio"') == 2
    assert 'aria-describedby="id_kind_erreur"' in html


def test_a_hidden_field_has_no_label():
    assert "<label" not in rendered("{% field form.token %}", form=Sample())


def test_a_single_box_is_followed_by_its_label():
    html = rendered("{% field form.agreed %}", form=Sample())
    assert html.index("<input") < html.index("J’ai lu")


def test_the_summary_of_a_form_links_to_each_field_that_stops_it():
    html = rendered("{% form_errors form %}", form=Sample({"email": "x"}))
    assert 'href="#id_email"' in html
    assert 'href="#id_kind"' in html
    assert "Il reste 4 points" in html


def test_a_form_without_fault_has_no_summary():
    assert rendered("{% form_errors form %}", form=Sample()).strip() == ""


def test_a_thread_tells_what_is_past_here_hidden_and_to_come():
    steps = [
        Step("Vu", day=datetime.date(2026, 3, 3), url="/vu/", count=7),
        Step("Étape non publique", hidden=True),
        Step("Ici", here=True, url="/ici/", amount=0),
        Step("Vérification", future=True),
    ]
    html = rendered('{% include "ui/components/thread.html" %}', steps=steps)
    assert 'href="/vu/"' in html
    assert 'href="/ici/"' not in html
    assert html.count("data-next") == 1
    assert html.count("data-here") == 1
    assert html.count("data-hidden") == 1
    assert "0,00" in html
    assert 'datetime="2026-03-03"' in html


def test_a_board_shows_the_true_total_and_what_an_empty_column_will_hold():
    columns = [
        Column(
            "En retard", "late", [Item("Ascenseur", "/r/1/", "dû hier", "/chase/", "Relancer")], 40
        ),
        Column("Plus tard", empty="Rien n’est prévu."),
    ]
    here = RequestFactory().get("/a-traiter/?jour=1")
    html = rendered('{% include "ui/components/board.html" %}', columns=columns, request=here)
    assert 'name="next" value="/a-traiter/?jour=1"' in html
    assert ">40<" in html
    assert "Rien n’est prévu." in html
    assert 'action="/chase/"' in html


def test_an_empty_state_says_how_to_start():
    html = rendered(
        '{% include "ui/components/empty.html" with title="Rien" %}',
        url="/signaler/",
        action="Signaler",
    )
    assert 'href="/signaler/"' in html


def test_a_pager_with_nowhere_to_go_is_not_there():
    html = rendered('{% include "ui/components/pager.html" %}', next_url="", first_url="")
    assert html.strip() == ""


def test_the_place_picker_writes_coordinates_with_a_point():
    html = rendered(
        '{% include "ui/components/map_picker.html" %}', latitude=50.3589, longitude=3.5233
    )
    assert 'value="50.3589"' in html
    assert 'value="3.5233"' in html


def test_the_words_of_a_map_cannot_break_out_of_their_data():
    features = {"type": "FeatureCollection", "features": [], "note": "</script><b>"}
    html = rendered('{% include "ui/components/map.html" with label="Carte" %}', features=features)
    assert "</script><b>" not in html


def test_a_list_of_choices_is_drawn_whole_by_one_template() -> None:
    class Form(forms.Form):
        where = forms.ChoiceField(
            choices=[("", "Tous"), ("Nord", [("59014", "Anzin <ici>"), ("59606", "Valenciennes")])]
        )

    drawn = str(Form({"where": "59606"})["where"])
    assert '<optgroup label="Nord"><option value="59014">Anzin &lt;ici&gt;</option>' in drawn
    assert '<option value="59606" selected>Valenciennes</option>' in drawn
    assert 'name="where"' in drawn
    assert 'id="id_where"' in drawn
