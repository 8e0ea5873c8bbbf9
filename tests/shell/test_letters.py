"""Two hundred letters of sheets made to be hard say word by word what a person wrote beforehand.

``letters/`` has them: the cells of a row, then its letter. ``·`` and ``⍽`` are a blank and a
no-break space, ``'`` begins a text among amounts, and ``#`` a postcode that is a number.
"""

from __future__ import annotations

import email
import email.policy
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from desktop.client.api import Api
from tests.conftest import RunningBackend
from tests.looking import eventually
from tests.sheets.files import workbook, write_csv
from tests.shell.conftest import Shell

HERE = Path(__file__).parent / "letters"
GERMAN = """{{ salutation }},
{{ Vorname }} {{ Nachname }}{% if PLZ %} aus {{ PLZ }} {{ Ort }}{% endif %}: {{ Beitrag }}
{%- if Spende %} und {{ Spende|money }} sind {{ (Beitrag + Spende) }}{% endif %},
{% if Beitrag >= 100 %}viel{% elif Beitrag == 0 %}frei{% elif Beitrag < 0 %}Guthaben
{%- else %}wenig{% endif %}{% if PLZ and PLZ == "01067" %}, Dresden{% endif %};
{% if Bezahlt %}danke{% else %}bis {{ Frist|date }}{% endif %}."""
CODES = """{{ salutation }},
Hallo {{ first_name }}: {{ Betrag }} - {{ Rabatt }} = {{ (Betrag - Betrag * Rabatt)|money }}
{%- if Betrag|float > 1000 %}, groß{% endif %}.
{% if Mitglied %}Mitglied{% else %}Gast{% endif %} seit {{ Seit|date }}."""
ENGLISH = """{{ salutation }},
{{ First Name }} {{ Last Name }} ({{ Zip }}): fee {{ Fee }},
{% if not Paid %}unpaid{% elif Fee > Paid %}paid {{ Paid }}, due {{ (Fee - Paid)|money }}
{%- elif Fee == Paid %}paid {{ Paid }}, settled
{%- else %}paid {{ Paid }}, credit {{ (Paid - Fee)|money }}{% endif %}; half {{ (Fee / 2)|money }}.
{% if Newsletter %}News{% else %}No news{% endif %} since {{ Since|date }}."""
FRENCH = """{{ salutation }},
{{ Prénom }} {{ Nom }} : total {{ Montant }}, reste {{ (Montant - Acompte)|money }},
{% if Montant >= 100 %}grand{% else %}petit{% endif %}.
{% if Payé %}Merci{% else %}À payer{% endif %}. {{ Échéance|date }}.
{% if Détail %}({{ Détail }}){% endif %}"""

SWISS = """{{ salutation }},
{{ Vorname }} {{ Name }}: {{ Betrag }}
{%- if Mahnung and Mahnung >= 3 %}, letzte Mahnung
{%- elif Mahnung and Mahnung > 0 %}, {{ Mahnung }}. Mahnung, {{ (Betrag + 20 * Mahnung) }}
{%- endif %},
{% if Termin < Rechnung %}verspätet{% elif Termin == Rechnung %}heute
{%- else %}in {{ (Termin - Rechnung) }} Tagen{% endif %} ({{ Termin|date }}).
{% if Konto %}Konto {{ Konto }}.{% endif %}"""


class Office(NamedTuple):
    """How an office writes: its language, its letter, and the formats of its cells."""

    language: str
    letter: str
    options: tuple[str, ...] = ()
    money: str = ""
    day: str = ""


OFFICES = {
    "german": Office(
        "de_DE", GERMAN, ("--kind", "Anrede=text de Herr+und+Frau=family"),
        '#,##0.00 "€"', "dd.mm.yyyy",
    ),
    "codes": Office(
        "de_DE", CODES, ("--kind", "Anrede=text de 1=man&2=woman&3=family&Herr+und+Frau=family")
    ),
    "english": Office(
        "en_US", ENGLISH, ("--opted-out", "--kind", "Prefix=text en Mr+%26+Mrs=family"),
        '"$"#,##0.00', "m/d/yyyy",
    ),
    "french": Office("fr_FR", FRENCH, ("--kind", "Civilité=text fr M.+et+Mme=family")),
    "swiss": Office("de_CH", SWISS, ("--map", "Versand=send_at"), '"CHF "#,##0.00', "dd.mm.yyyy"),
}  # fmt: skip
AMOUNTS = {"Beitrag", "Spende", "Fee", "Paid", "Betrag"}
TRUTHS = {"ja": True, "yes": True, "nein": False, "no": False}


def rows_of(name: str) -> tuple[list[str], list[tuple[list[str], str]]]:
    """Return the headings, and each row with its letter."""
    head, *parts = (HERE / f"{name}.txt").read_text("utf-8").strip().split("\n\n")
    pairs = (part.split("\n") for part in parts)
    return _cells(head), [(_cells(row), letter) for row, letter in pairs]


def _cells(line: str) -> list[str]:
    cells = (cell.strip() for cell in line.split("|"))
    return [cell.replace("·", " ").replace("⍽", "\u00a0") for cell in cells]


def write_workbook(path: Path, office: Office, heads: list[str], rows: list[list[str]]) -> Path:
    """Write typed cells: amounts, check boxes, dates, texts and some postcodes as numbers."""
    with workbook(path) as book:
        page = book.add_worksheet()
        money, day = (book.add_format({"num_format": code}) for code in (office.money, office.day))
        code = book.add_format({"num_format": "00000"})
        page.write_row(0, 0, ["E-Mail", *heads])
        for at, cells in enumerate(rows, 1):
            page.write_string(at, 0, f"p{at}@example.org")
            for column, (head, cell) in enumerate(zip(heads, cells, strict=True), 1):
                if head in AMOUNTS and cell and not cell.startswith("'"):
                    page.write_number(at, column, float(cell), money)
                elif head in {"Frist", "Since", "Rechnung"}:
                    page.write_datetime(at, column, date.fromisoformat(cell), day)
                elif head in {"Bezahlt", "Newsletter"} and cell:
                    page.write_boolean(at, column, TRUTHS[cell])
                elif head == "Mahnung" and cell:
                    page.write_number(at, column, int(cell))
                elif cell.startswith("#"):
                    page.write_number(at, column, int(cell[1:]), code)
                elif cell:
                    page.write_string(
                        at, column, cell.removeprefix("'") if head in AMOUNTS else cell
                    )
    return path


def letters(folder: Path, api: Api, number: int) -> dict[int, str]:
    """Return what is kept of a batch in practice mode, by row; of a planned one its time."""
    rows = api.batches.rows(number, limit=1000)["rows"]
    found = {}
    for row in rows:
        if moment := row["item"].get("run_at"):
            local = datetime.fromisoformat(moment).astimezone()
            found[row["row"]] = f"planned {local:%Y-%m-%d %H:%M}"
    ids = {row["message_id"]: row["row"] for row in rows}
    for path in (folder / "outbox").rglob("*.eml"):
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        body: Any = mail.get_body(("plain",))
        found[ids[mail["Message-ID"]]] = body.get_content()
    return found


@pytest.mark.parametrize("name", OFFICES)
def test_each_letter_says_what_a_person_wrote(
    name: str,
    shell: Shell,
    backend: RunningBackend,
    api: Api,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office = OFFICES[name]
    monkeypatch.setenv("LC_ALL", f"{office.language}.UTF-8")
    heads, rows = rows_of(name)
    cells = [row for row, _ in rows]
    if office.money:
        path = write_workbook(tmp_path / "list.xlsx", office, heads, cells)
    else:
        lines = [[f"p{at}@example.org", *row] for at, row in enumerate(cells)]
        path = write_csv(tmp_path / "list.csv", [["E-Mail", *heads], *lines])
    api.templates.save("letter", {"parts": {"subject": "Letter", "text": office.letter}})
    told = shell("import", str(path), "--template", "letter", "--json", *office.options)
    assert (told.stderr, told.returncode) == ("", 0)
    number = json.loads(told.stdout)["batch_id"]
    planned = sum(letter.startswith("planned") for _, letter in rows)
    eventually(lambda: api.batches.one(number)["counts"]["open"] == planned)
    made = letters(backend.data_dir, api, number)
    read = {row: made[row].split() for row in made}
    by_hand = {row: letter.split() for row, (_, letter) in enumerate(rows, 2)}
    differ = [row for row in by_hand if read.get(row) != by_hand[row]]
    assert {row: read.get(row) for row in differ} == {row: by_hand[row] for row in differ}
