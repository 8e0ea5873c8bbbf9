"""Letters of sheets made to be hard say word by word what a person has written beside them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, cast

import pytest

from desktop.backend.batches import Draft
from desktop.contract.batches import BY_ADDRESS, NewRow
from desktop.contract.items import NewItem
from desktop.contract.rules.mailbox import Mailbox
from desktop.contract.rules.values import reading_of_fields
from desktop.mail.mailer import values_of
from desktop.mail.templates.template import Template
from desktop.sheets.description import SheetChoice, Writing
from tests.sheets.files import described, rows_of, workbook, write_csv

LETTER = """
{{ Betrag }} · {{ 2 * Betrag }} · {{ (Betrag - Anzahlung) }}
{% if Betrag > 100 %}viel{% elif Betrag < 0 %}Guthaben{% elif Betrag == 0 %}nichts{% else %}wenig{% endif %}.
{% if Bezahlt %}Danke ({{ Bezahlt }}){% else %}Bitte bis {{ Frist }} ({{ Bezahlt }}){% endif %}.
{% if Frist < Ende %}bald{% elif Frist == Ende %}heute{% else %}zu spät{% endif %}.
{% if Anrede == "Herr" %}Sehr geehrter Herr{% else %}Sehr geehrte Frau{% endif %}.
{% if PLZ == "01067" %}Dresden{% elif PLZ|first == "0" %}Osten{% else %}Westen{% endif %}.
"""  # noqa: E501
HEADINGS = ["E-Mail", "Betrag", "Anzahlung", "Bezahlt", "Frist", "Ende", "Anrede", "PLZ"]


class Office(NamedTuple):
    """How an office writes, and what it writes by hand in place of ``AMOUNTS`` and ``DAYS``."""

    writing: Writing
    money: str
    day: str
    deposit: str
    end: str
    yes: str
    no: str
    amounts: list[str]
    days: list[str]


AMOUNTS = [0, 0.01, 2.5, 12.5, 100, 100.01, 999.99, 1000, 1234.5, 12345.67, 1234567.89, -5, -1234.5]
MUCH = ["nichts", *["wenig"] * 4, *["viel"] * 6, *["Guthaben"] * 2]
DAYS = [date(2031, 12, 24), date(2032, 2, 1), date(2031, 12, 31), date(2031, 3, 4)]
WHEN = ["bald", "zu spät", "heute", "bald"]
PEOPLE = [
    ("Herr ", "01067", "Sehr geehrter Herr", "Dresden"),
    ("\u00a0Frau", "04109", "Sehr geehrte Frau", "Osten"),
    ("Herr", "10115", "Sehr geehrter Herr", "Westen"),
    ("Frau\u200b", "01067\u00a0", "Sehr geehrte Frau", "Dresden"),
    ("\tHerr\u00a0", "80331", "Sehr geehrter Herr", "Westen"),
]
OFFICES = {
    "de": Office(
        Writing("dd.mm.yyyy", ",", ".", locale="de_DE"),
        '#,##0.00 "€"', "dd.mm.yyyy", "2,50 €", "31.12.2031", "WAHR", "FALSCH",
        [
            "0,00 € · 0,00 € · -2,50 €", "0,01 € · 0,02 € · -2,49 €", "2,50 € · 5,00 € · 0,00 €",
            "12,50 € · 25,00 € · 10,00 €", "100,00 € · 200,00 € · 97,50 €",
            "100,01 € · 200,02 € · 97,51 €", "999,99 € · 1.999,98 € · 997,49 €",
            "1.000,00 € · 2.000,00 € · 997,50 €", "1.234,50 € · 2.469,00 € · 1.232,00 €",
            "12.345,67 € · 24.691,34 € · 12.343,17 €",
            "1.234.567,89 € · 2.469.135,78 € · 1.234.565,39 €", "-5,00 € · -10,00 € · -7,50 €",
            "-1.234,50 € · -2.469,00 € · -1.237,00 €",
        ],
        ["24.12.2031", "01.02.2032", "31.12.2031", "04.03.2031"],
    ),
    "en": Office(
        Writing("m/d/yyyy", ".", ",", locale="en_US"),
        '"$"#,##0.00', "m/d/yyyy", "$2.50", "12/31/2031", "TRUE", "FALSE",
        [
            "$0.00 · $0.00 · -$2.50", "$0.01 · $0.02 · -$2.49", "$2.50 · $5.00 · $0.00",
            "$12.50 · $25.00 · $10.00", "$100.00 · $200.00 · $97.50", "$100.01 · $200.02 · $97.51",
            "$999.99 · $1,999.98 · $997.49", "$1,000.00 · $2,000.00 · $997.50",
            "$1,234.50 · $2,469.00 · $1,232.00", "$12,345.67 · $24,691.34 · $12,343.17",
            "$1,234,567.89 · $2,469,135.78 · $1,234,565.39", "-$5.00 · -$10.00 · -$7.50",
            "-$1,234.50 · -$2,469.00 · -$1,237.00",
        ],
        ["12/24/2031", "2/1/2032", "12/31/2031", "3/4/2031"],
    ),
    "ch": Office(
        Writing("dd.mm.yyyy", ".", "’", locale="de_CH"),
        '"CHF "#,##0.00', "dd.mm.yyyy", "CHF 2.50", "31.12.2031", "WAHR", "FALSCH",
        [
            "CHF 0.00 · CHF 0.00 · -CHF 2.50", "CHF 0.01 · CHF 0.02 · -CHF 2.49",
            "CHF 2.50 · CHF 5.00 · CHF 0.00", "CHF 12.50 · CHF 25.00 · CHF 10.00",
            "CHF 100.00 · CHF 200.00 · CHF 97.50", "CHF 100.01 · CHF 200.02 · CHF 97.51",
            "CHF 999.99 · CHF 1’999.98 · CHF 997.49", "CHF 1’000.00 · CHF 2’000.00 · CHF 997.50",
            "CHF 1’234.50 · CHF 2’469.00 · CHF 1’232.00",
            "CHF 12’345.67 · CHF 24’691.34 · CHF 12’343.17",
            "CHF 1’234’567.89 · CHF 2’469’135.78 · CHF 1’234’565.39",
            "-CHF 5.00 · -CHF 10.00 · -CHF 7.50", "-CHF 1’234.50 · -CHF 2’469.00 · -CHF 1’237.00",
        ],
        ["24.12.2031", "01.02.2032", "31.12.2031", "04.03.2031"],
    ),
}  # fmt: skip
ROWS = 70


def as_workbook(path: Path, office: Office) -> Path:
    """Write typed cells, with the number formats of an office."""
    with workbook(path) as book:
        page = book.add_worksheet()
        money, day = (book.add_format({"num_format": code}) for code in (office.money, office.day))
        page.write_row(0, 0, HEADINGS)
        for row in range(ROWS):
            title, postcode, *_ = PEOPLE[row % len(PEOPLE)]
            page.write(row + 1, 0, f"p{row}@example.org")
            page.write(row + 1, 1, AMOUNTS[row % len(AMOUNTS)], money)
            page.write(row + 1, 2, 2.5, money)
            page.write(row + 1, 3, row % 3 > 0)
            page.write(row + 1, 4, DAYS[row % len(DAYS)], day)
            page.write(row + 1, 5, date(2031, 12, 31), day)
            page.write_string(row + 1, 6, title)
            page.write_string(row + 1, 7, postcode)
    return path


def as_text(path: Path, office: Office) -> Path:
    """Write the same cells as an office exports them."""
    rows = [HEADINGS]
    for row in range(ROWS):
        title, postcode, *_ = PEOPLE[row % len(PEOPLE)]
        amount = office.amounts[row % len(AMOUNTS)].partition(" · ")[0]
        day, paid = office.days[row % len(DAYS)], office.yes if row % 3 else office.no
        rows.append(
            [f"p{row}@example.org", amount, office.deposit, paid, day, office.end, title, postcode]
        )
    return write_csv(path, rows)


def by_hand(office: Office, row: int) -> list[str]:
    """Return the lines of a letter."""
    *_, greeting, place = PEOPLE[row % len(PEOPLE)]
    day = office.days[row % len(DAYS)]
    lines = [
        MUCH[row % len(AMOUNTS)],
        f"Danke ({office.yes})" if row % 3 else f"Bitte bis {day} ({office.no})",
        WHEN[row % len(DAYS)],
        greeting,
        place,
    ]
    return [office.amounts[row % len(AMOUNTS)], *(f"{line}." for line in lines)]


def letters(path: Path, writing: Writing) -> Iterator[list[str]]:
    """Read a sheet, and make the letter of each row."""
    found = described(path, SheetChoice(writing=writing))
    reading = reading_of_fields(found.mapping, cast("dict[str, Any]", found.reading(found.mapping)))
    draft = Draft(3, BY_ADDRESS, reading=reading)
    template = Template(
        "fees", f"{{% block subject %}}S{{% endblock %}}{{% block text %}}{LETTER}{{% endblock %}}"
    )
    rows: list[NewRow] = rows_of(found)
    for row in rows:
        body = cast("NewItem", draft.body(row["item"], row.get("plain", {})))
        made = template.render(values_of(body, row["row"], Mailbox("", body["recipient"]["email"])))
        yield made.text.replace("\u00a0", " ").splitlines()


@pytest.mark.parametrize("name", OFFICES)
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_each_letter_says_what_a_person_has_written(name: str, kind: str, tmp_path: Path) -> None:
    office = OFFICES[name]
    write = as_workbook if kind == "xlsx" else as_text
    path = write(tmp_path / f"list.{kind}", office)
    assert [*letters(path, office.writing)] == [by_hand(office, row) for row in range(ROWS)]
