"""Fields are found by their own names, as in mail merges; slips of the pen are pointed out."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.contract.rules.templates import nearest
from desktop.mail.templates.source import FieldUse, is_known
from desktop.mail.templates.template import Template

ITEM: dict[str, Any] = {
    "number": 7, "title": "Opera", "name": "Bo Chen", "first_name": "Bo", "email": "bo@example.org",
    "note": "",
    "fields": {"Seat": "A1", "Größe der Karte": "L", "price-2": 3, "title": "no", "x1": 2},
}  # fmt: skip


def template(text: str) -> Template:
    blocks = "{% block subject %}s{% endblock %}{% block text %}" + text + "{% endblock %}"
    return Template("t", blocks)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("{{ seat }} {{SEAT}} {{ Seat }}", "A1 A1 A1"),
        ("{{ Größe der Karte }}/{{ größe_der_karte|lower }}", "L/l"),
        ("{{ First Name }} {{ E-Mail }} {{ title }}", "Bo bo@example.org Opera"),
        ("{{ Price 2 }} {{ price-2 }}", "3 3"),
        ("{{ Mitgliedsnr. }} {{ Tel. privat }}", "Mitgliedsnr.? Tel. privat?"),
        ("{{ 'yes' if seat else 'no' }} {{ number + 1 }} {{ fields.Seat }}", "yes 8 A1"),
        ("{% set seat = 'own' %}{{ seat }}", "own"),
        ("{% for row in fields.items() %}{{ loop.index }}{% endfor %}", "12345"),
        ("{{ loop budget }}", "loop budget?"),
    ],
)
def test_a_field_is_found_by_its_name(text: str, made: str) -> None:
    assert template(text).show(ITEM).text == made + "\n"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Hello {{ note }},", "Hello,"),
        ("Hello {{ name }},", "Hello Bo Chen,"),
        ("{{ first_name }} {{ note }} {{ Seat }}!", "Bo A1!"),
        ("Hello {{ missing }},", "Hello missing?,"),
        ("Seats:  {{ note }}|", "Seats:  |"),
        ("a\n\n{{ note }}\n\nb\n{{ note }}\nc", "a\n\nb\nc"),
        ("{{ all fields }}", "Seat: A1\nGröße der Karte: L\nPrice-2: 3\nTitle: no\nX1: 2"),
    ],
)
def test_an_empty_field_takes_the_blank_before_it_along(text: str, made: str) -> None:
    assert template(text).show(ITEM).text == made + "\n"
    html = "{% block html %}<p>A {{ title }} {{ note }}</p>{% endblock %}"
    source = "{% block subject %}s{% endblock %}{% block text %}t{% endblock %}" + html
    shown = Template("t", source).show({**ITEM, "title": "<b>"})
    assert shown.html == "<p>A &lt;b&gt;</p>\n"


def test_what_a_template_asks_for_is_known_with_its_place() -> None:
    uses = template(
        "a {{ titel }}\n{% if Row %}{{ First seat }}{% endif %}{{ fields['Key'] }}"
    ).uses
    assert uses == [
        FieldUse("titel", "text", 1, 6),
        FieldUse("Row", "text", 2, 7),
        FieldUse("First seat", "text", 2, 16),
        FieldUse("Key", "text", 2, 51),
    ]
    assert template("{{ title }} {{ b }} {{ B }} {{ a b }}").fields == ["b", "a b"]


def test_the_nearest_name_is_offered() -> None:
    assert nearest("titel", []) == "title"
    assert nearest("frist name", []) == "first_name"
    assert nearest("saet", ["Seat"]) == "Seat"
    assert nearest("membership", ["Seat"]) is None
    assert is_known("E-Mail", [])
    assert is_known("seat", {"Seat": 1})
    assert not is_known("row", ["Seat"])
