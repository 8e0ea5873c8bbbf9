"""A field prints as its sheet shows it, and counts as what it is."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.contract.items import NewItem
from desktop.contract.rules.mailbox import Mailbox
from desktop.mail.errors import BadTemplate
from desktop.mail.mailer import values_of
from desktop.mail.templates.template import Template

GERMAN: dict[str, Any] = {
    "reading": {"short_date": "dd.mm.yyyy", "point": ",", "group": "."},
    "amount": "12,50 €", "paid": "7,50 €", "large": "1.234,50 €", "form": "#,##0.00 €",
    "four": "30,00 €",
    "twice": "25,00 €", "sum": "20,00 €", "thousands": "2.469,00 €", "plain": "1.234,5",
    "money": "12,50 €", "half": "1,5", "day": "24.12.2031", "later": "03.01.2032",
}  # fmt: skip
ENGLISH: dict[str, Any] = {
    "reading": {"short_date": "m/d/yyyy", "point": ".", "group": ","},
    "amount": "$12.50", "paid": "$7.50", "large": "$1,234.50", "form": "$#,##0.00",
    "four": "$30.00",
    "twice": "$25.00", "sum": "$20.00", "thousands": "$2,469.00", "plain": "1,234.5",
    "money": "$12.50", "half": "1.5", "day": "12/24/2031", "later": "01/03/2032",
}  # fmt: skip
SWISS: dict[str, Any] = {
    "reading": {"short_date": "dd.mm.yyyy", "point": ".", "group": "’"},
    "amount": "CHF 12.50", "paid": "CHF 7.50", "large": "CHF 1’234.50", "form": "CHF #,##0.00",
    "four": "CHF 30.00",
    "twice": "CHF 25.00", "sum": "CHF 20.00", "thousands": "CHF 2’469.00", "plain": "1’234.5",
    "money": "CHF 12.50", "half": "1.5", "day": "24.12.2031", "later": "03.01.2032",
}  # fmt: skip


def rendered(text: str, item: NewItem, *, html: str | None = None) -> str:
    side = "" if html is None else f"{{% block html %}}{html}{{% endblock %}}"
    source = f"{{% block subject %}}S{{% endblock %}}{{% block text %}}{text}{{% endblock %}}{side}"
    made = Template("fees", source).render(values_of(item, 7, Mailbox("Ada", "ada@example.org")))
    return (made.text if html is None else made.html).strip()


def item(way: dict[str, Any], **texts: str) -> NewItem:
    """Return an item of a spreadsheet with a column of each kind."""
    number = f"number {way['form']}"
    made: NewItem = {
        "fields": {
            "Betrag": way["amount"], "Bezahlt": way["paid"], "Groß": way["large"],
            "Anzahl": "3", "Nullen": "0", "PLZ": "01067", "Anrede": "Herr\u00a0 ", "Ort": " Ulm",
            "Datum": way["day"], "Danach": way["later"], "Da": "WAHR", "Weg": "FALSCH", **texts,
        },
        "reading": {
            "kinds": {
                "Betrag": number, "Bezahlt": number, "Groß": number, "Anzahl": "number",
                "Nullen": "number", "Datum": "date", "Danach": "date", "Da": "yes_no",
                "Weg": "yes_no", "PLZ": "text", "Ort": "text", "Anrede": "text",
            },
        },
    }  # fmt: skip
    made["reading"] |= way["reading"]
    return made


TABLE = [
    ("{{ Betrag }}|{{ Anrede }}|{{ Weg }}", "{amount}|Herr|FALSCH"),
    # beside a text
    ('{{ Anrede == "Herr" }} {{ "Herr" == Anrede }} {{ Anrede != "Herr" }}', "yes yes no"),
    ('{{ PLZ == "01067" }} {{ PLZ == "1067" }}', "yes no"),
    ('{{ Anrede in ["Frau", "Herr"] }} {{ Anrede == "Frau" }}', "yes no"),
    ('{{ Betrag + " netto" }}|{{ Betrag ~ "!" }}', "{amount} netto|{amount}!"),
    ('{{ "zu " + Anrede }}|{{ Anrede ~ "!" }}', "zu Herr|Herr!"),
    # beside a number
    ("{{ Betrag > 12 }} {{ 13 > Betrag }}", "yes yes"),
    ("{{ Betrag == 12.5 }} {{ 12.5 != Betrag }}", "yes no"),
    ("{{ Anzahl // 2 }} {{ Anzahl % 2 }} {{ (Anzahl / 2) }}", "1 1 {half}"),
    ("{{ Betrag * 2 }}|{{ 2 * Betrag }}|{{ Groß + Groß }}", "{twice}|{twice}|{thousands}"),
    ("{{ Betrag|float > 12.49 }} {{ Betrag|int == 12 }} {{ Betrag|round == 13 }}", "yes yes yes"),
    ("{{ (-Betrag)|abs == 12.5 }} {{ Betrag|float }}", "yes {amount}"),
    ("{{ Betrag - 0.1 == 12.4 }} {{ 0.1 + 0.2 + Nullen == 0.3 }}", "yes no"),
    # field with field
    ("{{ Betrag > Bezahlt }} {{ Groß > Betrag }} {{ Betrag < Bezahlt }}", "yes yes no"),
    ("{{ Datum < Danach }} {{ Datum == Danach }} {{ (Danach - Datum) }}", "yes no 10"),
    ("{{ Betrag + Bezahlt }}|{{ PLZ + Ort }}|{{ Betrag + Ort }}", "{sum}|01067Ulm|{amount}Ulm"),
    ("{{ Anzahl * Betrag == 37.5 }}|{{ (Anzahl * Bezahlt + Bezahlt) }}", "yes|{four}"),
    # in a condition
    ("{% if Nullen %}a{% endif %}{% if Anrede %}b{% endif %}", "ab"),
    ("{% if fields.Leer %}a{% else %}b{% endif %}", "b"),
    ("{% if Da %}a{% endif %}{% if Weg %}b{% endif %}{% if not Weg %}c{% endif %}", "ac"),
    # results
    ("{{ Groß|number }}|{{ Betrag|money }}|{{ Datum|date }}", "{plain}|{money}|{day}"),
    ("{{ fields.values()|first }}", "{amount}"),
    ("{% set open = Betrag - Bezahlt %}{% if open > 0 %}{{ open == 5 }}{% endif %}", "yes"),
]  # fmt: skip


def test_a_result_has_the_sign_of_its_text_where_the_column_has_several() -> None:
    kinds = {"A": "number #,##0.00", "B": "number"}
    for text, twice in (("12,50 €", "25,00 €"), ("5,00 EUR", "10,00 EUR"), ("5,00", "10,00")):
        made: NewItem = {"fields": {"A": text}, "reading": {"kinds": kinds}}
        made["reading"] |= GERMAN["reading"]
        assert rendered("{{ 2 * A }}|{{ A|money }}", made) == f"{twice}|{text}"


def test_a_date_is_written_as_short_as_its_language_writes_it() -> None:
    made: NewItem = {"fields": {"A": "03/04/2031"}, "reading": {"kinds": {"A": "date"}}}
    made["reading"] |= ENGLISH["reading"]
    assert rendered("{{ A|date }}", made) == "3/4/2031"


@pytest.mark.parametrize("way", [GERMAN, ENGLISH, SWISS], ids=["de", "en", "ch"])
@pytest.mark.parametrize(("text", "letter"), TABLE)
def test_a_field_counts_as_what_it_is(way: dict[str, Any], text: str, letter: str) -> None:
    assert rendered(text, item(way, Leer="")) == letter.format_map(way)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{% if Betrag|float > 0 %}x{% endif %}", "“Betrag” is “offen”, which is not a number"),
        ("{{ Betrag|int }}", "“Betrag” is “offen”, which is not a number"),
        ("{{ Betrag|round(1) }}", "“Betrag” is “offen”"),
        ("{{ Betrag * 2 }}", "“Betrag” is “offen”"),
        ("{{ 5 < Betrag }}", "“Betrag” is “offen”"),
        ("{{ Betrag == 5 }}", "“Betrag” is “offen”"),
        ("{{ Betrag < Bezahlt }}", "“Betrag” is “offen”"),
        ("{{ PLZ|float }}", "“PLZ” is a text here, not a number"),
        ('{{ (Bezahlt + " €")|float }}', "“Bezahlt” is a text here, not a number"),
        ('{{ Bezahlt|replace(",", ".")|float }}', "“Bezahlt” is a text here, not a number"),
        ("{{ Bezahlt|upper|int }}", "“Bezahlt” is a text here"),
        ("{{ Bezahlt[:2]|int }}", "“7,” is a text here"),
        ('{{ (Bezahlt ~ "")|float }}', "“Bezahlt” is a text here"),
        ("{{ Bezahlt < Ort }}", "“Bezahlt” and “Ort” cannot be compared"),
        ("{{ Ort < Bezahlt }}", "“Ort” and “Bezahlt” cannot be compared"),
        ("{% if Weg %}x{% endif %}", "“Weg” is “vielleicht”, which is neither yes nor no"),
        ("{{ Leer > 5 }}", "“Leer” is empty"),
        ("{{ (Bezahlt / Nullen) }}", "“Nullen” is 0, which nothing is divided by"),
        ("{{ Bezahlt % 0 }}", "It divides by 0"),
        ("{{ Datum|float }}", "“Datum” is a date here, not a number"),
        ("{{ fields.values()|sum }}", "not a number"),
        ("{{ fields.values()|max }}", "cannot be compared"),
    ],
)
def test_what_has_no_value_is_an_error_and_never_0(text: str, words: str) -> None:
    wrong = item(GERMAN, Betrag="offen", Weg="vielleicht", Leer="")
    with pytest.raises(
        BadTemplate, match="The template “fees” uses it in line 1 of the text"
    ) as said:
        rendered(text, wrong)
    assert words in str(said.value)


def test_a_plain_value_counts_whatever_is_shown() -> None:
    """So that of a workbook is read, in any language, and a month that is a date."""
    shown = item(ENGLISH, Betrag="zwölf fünfzig", Datum="März 2031", Da="ja")
    reading = shown["reading"]
    reading["plain"] = {"Betrag": "12.5", "Datum": "2031-03-01", "Da": "FALSE"}
    letter = (
        "{{ Betrag > 12 }} {{ Betrag }} {{ Datum < Danach }} {% if not Da %}{{ Da }}{% endif %}"
    )
    assert rendered(letter, shown) == "yes zwölf fünfzig yes ja"


def test_a_text_without_a_kind_is_a_number_where_one_is_needed() -> None:
    """So are those of a form; the tests have no language."""
    typed: NewItem = {"fields": {"Fee": "12.50", "Paid": "9", "Due": "10", "Seats": 3}}
    text = "{{ Fee * 2 }}|{{ Fee|float > 12 }}|{{ Paid < Due }}|{{ Paid + Due }}|{{ Seats + 1 }}"
    assert rendered(text, typed) == "25.00|yes|yes|910|4"
    with pytest.raises(BadTemplate, match="“Fee” is “12,50”, which is not a number"):
        rendered("{{ Fee * 2 }}", {"fields": {"Fee": "12,50"}})
    lines: NewItem = {"fields": {"Lines": [{"Fee": "9.50"}, {"Fee": "10"}]}}
    assert rendered('{{ Lines|sum(attribute="Fee") }}', lines) == "19.5"
    assert rendered('{{ (Lines|sort(attribute="Fee")|first).Fee }}', lines) == "9.50"


def test_a_result_of_two_formats_is_written_in_the_way_of_its_spreadsheet() -> None:
    two = item(GERMAN, Rabatt="10 %", Dollar="$5,00")
    two["reading"]["kinds"] |= {"Rabatt": "number 0.# %", "Dollar": "number $0.00"}
    assert rendered("{{ Betrag * Rabatt }}|{{ Betrag + Dollar }}", two) == "1,25 €|17,50"
    assert (
        rendered("{{ Betrag / Bezahlt > 1.6 }}|{{ (Groß / Betrag)|round(2) }}", two) == "yes|98,76"
    )
    assert rendered("{{ Rabatt * 2 }}|{{ (Anzahl / 2) }}", two) == "20 %|1,5"


def test_a_field_is_escaped_and_empty_ones_leave_no_gap() -> None:
    strange = item(GERMAN, Ort="<b>", Leer="")
    assert (
        rendered("x", strange, html="{{ Ort }} {{ Ort ~ 1 }}{{ Leer }}") == "&lt;b&gt; &lt;b&gt;1"
    )


def test_a_field_that_no_column_had_is_read_where_a_number_is_needed() -> None:
    """A person may type a field that the spreadsheet does not have."""
    typed = item(GERMAN, Rest="4,50")
    assert rendered("{{ Rest * 2 }} {{ Betrag > Rest }}", typed) == "9,00 yes"


def test_an_empty_cell_is_not_filled_in_and_asked_for_where_it_is_shown() -> None:
    empty = item(GERMAN)
    empty["reading"]["kinds"] |= {"Offener Rest": "number"}
    text = "{% if Rest %}a{% else %}b{% endif %}{% if not Rest %}c{% endif %}"
    text += "{{ Rest|default('d') }}{% if Rest and Rest > 5 %}e{% endif %}"
    assert rendered(text.replace("Rest", "Offener_Rest"), empty) == "bcd"
    for wrong in ("{{ Offener Rest }}", "{{ Offener_Rest > 5 }}", "{% if Rest %}a{% endif %}"):
        with pytest.raises(BadTemplate, match=r"needs “(Offener.)?Rest”, which is missing"):
            rendered(wrong, empty)
    source = f"{{% block subject %}}S{{% endblock %}}{{% block text %}}{text}{{% endblock %}}"
    values = values_of(empty, 7, Mailbox("Ada", "ada@example.org"))
    shown = Template("fees", source.replace("Rest", "Offener_Rest")).show(values)
    assert shown.text == "bcd\n", "a preview shows what is sent"


def test_a_calculation_that_may_be_a_name_is_told_how_to_be_written() -> None:
    with pytest.raises(BadTemplate) as said:
        rendered("{{ Betrag - Bezahlt }}", item(GERMAN))
    assert str(said.value).endswith("is a calculation, write {{ (Betrag - Bezahlt) }}.")
    named = item(GERMAN, **{"Betrag - Bezahlt": "5,00"})
    assert rendered("{{ Betrag - Bezahlt }}", named) == "5,00", "there is such a field"


def test_a_title_counts_as_a_number_too() -> None:
    assert rendered("{{ title|int + 1 }} {{ title == '2026' }}", {"title": "2026"}) == "2027 yes"


def test_an_example_in_a_preview_stands_for_any_value() -> None:
    fields = {name: f"‹{name}›" for name in ("Fee", "Day")}
    text = "{{ Fee }} {% if Fee|float > 0 %}{{ Day|date }}{% endif %}"
    assert rendered(text, {"fields": {**fields}}) == "‹Fee› ‹Day›"
    within = item(GERMAN, **fields)
    within["reading"]["kinds"] |= {"Fee": "text", "Day": "date"}
    assert rendered(text, within) == "‹Fee› ‹Day›"
