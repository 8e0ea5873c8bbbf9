"""What columns become, in several languages."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from desktop.contract.rules.templates import (
    FIELD_LIMIT,
    STANDARD,
    field_key,
    field_name,
    is_field_name,
)
from desktop.mail.templates.template import Template
from desktop.sheets.description import PROBLEM_HEADING, REPORT_HEADINGS, is_target
from desktop.sheets.reader.columns.guessing import Glance, guess_targets
from desktop.sheets.reader.columns.header_words import KNOWN
from desktop.sheets.reader.columns.headers import Header, unique_headers
from desktop.sheets.reader.files.cells import Wording

VALUES = {
    "number": "1017",
    "email": "ada@example.org",
    "first_name": "Ada",
    "name": "Lovelace",
    "title": "Concert",
    "note": "brings a cake",
    "send_at": "2026-12-01",
    "attachment": "ticket.pdf",
}
LANGUAGES = {
    "English": "Member No. / E-mail address / First name / Last name / Subject / Notes / Send on / "
    "Attachment",
    "German": "Mitgliedsnr. / E-Mail-Adresse / Vorname / Nachname / Betreff / Bemerkung / "
    "Senden am / Anhang",
    "French": "N° d'adhérent / Courriel / Prénom / Nom / Objet / Remarques / Date d'envoi / "
    "Pièce jointe",
    "Spanish": "Número de socio / Correo electrónico / Nombre / Apellidos / Asunto / "
    "Observaciones / Enviar el / Archivo adjunto",
    "Italian": "Numero tessera / Indirizzo e-mail / Nome / Cognome / Oggetto / Note / "
    "Data di invio / Allegato",
    "Dutch": "Lidnummer / E-mailadres / Voornaam / Achternaam / Onderwerp / Opmerkingen / "
    "Verzenden op / Bijlage",
    "Polish": "Nr członkowski / Adres e-mail / Imię / Nazwisko / Temat / Uwagi / Data wysyłki / "
    "Załącznik",
    "Portuguese": "Número do sócio / Endereço de e-mail / Nome / Apelido / Assunto / Observações / "
    "Enviar em / Anexo",
    "Swedish": "Medlemsnummer / E-post / Förnamn / Efternamn / Ämne / Anteckningar / "
    "Skicka den / Bilaga",
    "Danish": "Medlemsnr. / E-mail / Fornavn / Efternavn / Emne / Bemærkninger / Sendes den / "
    "Bilag",
    "Czech": "Číslo / E-mailová adresa / Křestní jméno / Příjmení / Předmět / Poznámky / "
    "Datum odeslání / Příloha",
}


def seen(*values: str) -> Glance:
    glance = Glance()
    for value in values:
        if glance.wants(value):
            glance.see(value, Wording())
    return glance


@pytest.mark.parametrize("language", LANGUAGES)
def test_columns_are_known_in_several_languages(language: str) -> None:
    headers = LANGUAGES[language].split(" / ")
    assert guess_targets(headers, [seen(value) for value in VALUES.values()]) == list(VALUES)


@pytest.mark.parametrize(
    ("headers", "values", "targets"),
    [
        ("Name, Mail", "Ada, a@x.org", "name, email"),
        ("Vorname, Mail", "Ada, a@x.org", "name, email"),
        ("Nombre, Apellidos", "Ada, Lovelace", "first_name, name"),
        ("Nom, Prénom", "Lovelace, Ada", "name, first_name"),
        ("Kontakt, Mitglied", "ada@x.org, Ada", "email, name"),
        ("Title, Name", "Mrs, Ada", "fields.Title 2, name"),
        ("Id, Name", "A-17, Ada", "fields.Id, name"),
        ("E-mail, E-mail 2", "a@x.org, b@x.org", "email, fields.E-mail 2"),
        ("Titel, Betreff, Name", ", Beitrag, Ada", "None, title, name"),
        ("2026, Fee", "x, y", "fields.column_2026, fields.Fee"),
    ],
)
def test_values_decide_where_headers_are_not_enough(
    headers: str, values: str, targets: str
) -> None:
    glances = [seen(value) for value in values.split(", ")]
    assert list(map(str, guess_targets(headers.split(", "), glances))) == targets.split(", ")


def test_the_columns_of_a_report_stay_out_also_of_a_report_on_a_report() -> None:
    own = [*REPORT_HEADINGS, *(f"{heading} 2" for heading in REPORT_HEADINGS), PROBLEM_HEADING]
    glances = [seen("Ada"), *(seen("x") for _ in own)]
    assert guess_targets(["Name", *own], glances) == ["name", *[None] * len(own)]
    assert guess_targets(["answer"], [seen("yes")]) == ["fields.answer"]


def test_a_column_that_counts_the_rows_is_no_number_of_the_item() -> None:
    """As a key it would take a row for the one with the same place in last month's file."""
    names = seen("Ada", "Bo", "Cem")
    assert guess_targets(["Nr.", "Name"], [seen("1", "2", "3"), names]) == ["fields.Nr.", "name"]
    assert guess_targets(["Nr.", "Name"], [seen("17", "2", "3"), names]) == ["number", "name"]
    two = [seen("1", "2", "3"), names, seen("A-1", "A-2", "A-3"), seen("4", "8", "9")]
    headers = ["Nr.", "Name", "Code", "Mitgliedsnummer"]
    assert guess_targets(headers, two) == ["fields.Nr.", "name", "fields.Code", "number"]


HEADERS = st.text(max_size=8) | st.sampled_from(sorted(KNOWN)) | st.just("Name")
SAMPLES = st.sampled_from([*VALUES.values(), "", "Mr", "x"])
COLUMNS = st.tuples(HEADERS, st.lists(SAMPLES, max_size=3))


@given(st.lists(COLUMNS, max_size=12))
def test_each_column_becomes_something_and_no_two_the_same(
    columns: list[tuple[str, list[str]]],
) -> None:
    top = [(1, [header for header, _ in columns])]
    headers = unique_headers(top, Header(1, 1), len(columns))
    assert len(set(headers)) == len(columns)
    targets = guess_targets(headers, [seen(*values) for _, values in columns])
    for (_, values), target in zip(columns, targets, strict=True):
        if any(values):
            assert target is not None
        assert target is None or is_target(target)
    given = [target for target in targets if target is not None]
    assert len({target.casefold() for target in given}) == len(given)


@given(st.text(max_size=12) | st.sampled_from(["in", "None", "1/4", "¼", "", "İd", "E-Mail"]))
def test_a_field_can_be_named_in_a_template(header: str) -> None:
    name = field_name(header)
    assume(field_key(name) not in {field_key(each) for each in STANDARD})
    block = "{% block subject %}{% endblock %}{% block text %}{{ @ }}{% endblock %}"
    template = Template("x", block.replace("@", name))
    assert template.render({"fields": {name: "value"}}).text == "value\n"


def test_a_long_heading_becomes_a_field_of_its_own_with_a_shorter_name() -> None:
    question = "I agree that the club keeps my name, address and birthday and sends me invitations"
    headers = [f"{question} by post until I object", f"{question} by e-mail until I object"]
    targets = guess_targets([*headers, "x" * 300], [seen("Yes")] * 3)
    names = [str(target).removeprefix("fields.") for target in targets]
    assert names[0].startswith("I_agree_that_the_club_keeps_my_name")
    assert len({field_key(name) for name in names}) == len(names)
    assert all(0 < len(name) <= FIELD_LIMIT for name in names)


@given(st.text(min_size=90), st.integers(1, 12))
def test_a_field_name_has_room_for_its_number(header: str, number: int) -> None:
    assert is_field_name(field_name(header, number))
