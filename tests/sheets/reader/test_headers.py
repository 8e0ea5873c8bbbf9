"""The header is found, each column has a name of its own, and what it becomes is guessed."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from desktop.contract.batches import Target, is_target
from desktop.contract.rules.templates import (
    FIELD_LIMIT,
    STANDARD,
    field_key,
    field_name,
    is_field_name,
)
from desktop.mail.templates.template import Template
from desktop.sheets.description import PROBLEM_HEADING, REPORT_HEADINGS, SheetChoice
from desktop.sheets.reader.describing import Glance, describe, guess_targets
from desktop.sheets.reader.files.cells import CellValue, Wording
from desktop.sheets.reader.files.source import opened
from desktop.sheets.reader.headers import HEADERS as KINDS
from desktop.sheets.reader.headers import (
    KNOWN,
    Header,
    guess_header,
    header_at,
    is_remark,
    letter,
    readings,
    technical,
    unique_headers,
)
from sendoff_tasks.model.text import plain

Rows = list[list[CellValue]]
SHEETS: dict[str, tuple[Rows, Header]] = {
    "plain": ([["Name", "Mail"], ["Ada", "a@x.org"]], Header(1, 1)),
    "titles above": ([["Club"], [], ["Name", "Mail"], ["Ada", "a@x.org"]], Header(3, 1)),
    "unknown words": ([["Foo", "Bar"], ["Ada", 3], ["Bo", 4]], Header(1, 1)),
    "years": ([["Name", "2025", "2026"], ["Ada", 3, 4], ["Bo", 4, 5]], Header(1, 1)),
    "addresses at once": ([["Ada", "a@x.org"], ["Bo", "b@x.org"]], Header()),
    "dates at once": ([["Ada", date(2026, 1, 1)], ["Bo", date(2026, 1, 2)]], Header()),
    "two rows": (
        [["Member", "", "Fee", ""], ["Name", "E-mail", "due", "paid"], ["Ada", "a@x.org", 1, 2]],
        Header(2, 2),
    ),
    "a gap in the header": ([["Name", "", "Mail"], ["Ada", "Mrs", "a@x.org"]], Header(1, 1)),
    "one column": ([["E-mail"], ["a@x.org"], ["b@x.org"]], Header(1, 1)),
    "one column of addresses": ([["a@x.org"], ["b@x.org"]], Header()),
    "nothing": ([], Header()),
}


@pytest.mark.parametrize("name", SHEETS)
def test_the_header_is_found(name: str) -> None:
    rows, header = SHEETS[name]
    assert guess_header(list(enumerate(rows, 1))) == header


def test_a_chosen_row_is_the_header() -> None:
    top = list(enumerate(SHEETS["two rows"][0], 1))
    assert header_at(top, 2) == Header(2, 2)
    assert header_at(top, 1) == Header(1, 1)
    assert header_at(top, 0) == Header()


def test_groups_reach_as_far_as_they_are_merged() -> None:
    top = list(enumerate(SHEETS["two rows"][0], 1))
    names = ["Member Name", "Member E-mail", "Fee due", "Fee paid"]
    assert unique_headers(top, Header(2, 2), 4) == names


def test_letters_are_those_of_spreadsheets() -> None:
    assert [letter(at) for at in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"
    ]  # fmt: skip


@given(st.lists(st.sampled_from(["", "A", "B", "Name", "Name 2", " name\n2 "]), max_size=9))
def test_no_two_columns_have_the_same_name(cells: list[CellValue]) -> None:
    names = unique_headers([(1, cells)], Header(1, 1), len(cells))
    assert all(names)
    assert len(set(names)) == len(cells)


def test_a_header_is_no_longer_than_a_batch_takes_and_has_no_control_characters() -> None:
    rows: Rows = [["a" * 2000, "a" * 2000, "Na\x07me"], ["x", "y", "z"]]
    long, second, name = unique_headers(list(enumerate(rows, 1)), Header(1, 1), 3)
    assert len(long) < len(second) < 1000
    assert name == "Na me"


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
    "English": "Booking No. / E-mail / First name / Last name / Subject / Notes / Send on / "
    "Attachment",
    "German": "Buchungsnr. / E-Mail-Adresse / Vorname / Nachname / Betreff / Bemerkung / "
    "Senden am / Anhang",
    "French": "N° de commande / Courriel / Prénom / Nom / Objet / Remarques / Envoyer le / "
    "Pièce jointe",
    "Spanish": "Número de pedido / Correo electrónico / Nombre / Apellidos / Asunto / "
    "Observaciones / Enviar el / Archivo adjunto",
    "Italian": "Numero ordine / Indirizzo e-mail / Nome / Cognome / Oggetto / Note / "
    "Invia il / Allegato",
    "Dutch": "Ordernummer / E-mailadres / Voornaam / Achternaam / Onderwerp / Opmerkingen / "
    "Verzenden op / Bijlage",
    "Polish": "Nr zamówienia / Adres e-mail / Imię / Nazwisko / Temat / Uwagi / Wyślij / Załącznik",
    "Portuguese": "Número do pedido / Endereço de e-mail / Nome / Apelido / Assunto / Observações /"
    " Enviar em / Anexo",
    "Swedish": "Bokningsnummer / E-post / Förnamn / Efternamn / Ämne / Anteckningar / "
    "Skicka den / Bilaga",
    "Danish": "Ordrenummer / E-mail / Fornavn / Efternavn / Emne / Bemærkninger / Sendes den / "
    "Bilag",
    "Czech": "Číslo / E-mailová adresa / Křestní jméno / Příjmení / Předmět / Poznámky / "
    "Odeslat / Příloha",
    "Norwegian": "Bestillingsnummer / E-postadresse / Fornavn / Etternavn / Emne / Merknader / "
    "Send den / Vedlegg",
    "Finnish": "Tilausnumero / Sähköposti / Etunimi / Sukunimi / Aihe / Huomautukset / Lähetä / "
    "Liite",
    "Croatian": "Broj narudžbe / E-pošta / Ime / Prezime / Naslov / Napomena / Pošalji / Privitak",
    "Romanian": "Număr comandă / Adresă de e-mail / Prenume / Nume / Subiect / Observații / "
    "Trimite la / Atașament",
    "Turkish": "Sipariş No / E-posta / Adı / Soyadı / Konu / Notlar / Gönder / Ek",
    "Russian": "Номер заказа / Эл. почта / Имя / Фамилия / Тема / Примечание / Отправить / "
    "Вложение",
    "Greek": "Αριθμός / Ηλεκτρονική διεύθυνση / Όνομα / Επώνυμο / Θέμα / Σημειώσεις / send at / "
    "Συνημμένο",
    "Hungarian": "Rendelésszám / E-mail cím / Keresztnév / Vezetéknév / Tárgy / Megjegyzés / "
    "send at / Melléklet",
    "Japanese": "注文番号 / メールアドレス / 名 / 姓 / 件名 / 備考 / 送信日時 / 添付ファイル",
}
WHOLE_NAMES = (
    "Name|Full Name|Vor- und Nachname|Ihr Name*|What is your name?|Name (Pflichtfeld)|Name / Nom|"
    "Billing Name|Fullt navn|Koko nimi|Ime i prezime|Nume și prenume|Ad Soyad|ФИО|Имя и фамилия|"
    "Ονοματεπώνυμο|Teljes név|Név|氏名|お名前|姓名|Imię i nazwisko|Jméno a příjmení|Nimi"
)


def seen(*values: str) -> Glance:
    glance = Glance()
    for value in values:
        if glance.wants(value):
            glance.see(value, Wording())
    return glance


@pytest.mark.parametrize("language", LANGUAGES)
def test_columns_are_known_in_several_languages(language: str) -> None:
    headers = LANGUAGES[language].split(" / ")
    targets = [None if target == "note" else target for target in VALUES]  # remarks are left out
    assert guess_targets(headers, [seen(value) for value in VALUES.values()]) == targets


def test_a_column_of_names_of_files_is_the_attachment_under_any_heading() -> None:
    address, files = seen("ada@example.org", "bo@example.org"), seen("R 17.pdf", "R18.PDF")
    assert guess_targets(["E-Mail", "Rechnung"], [address, files]) == ["email", "attachment"]
    mixed = seen("R 17.pdf", "17")
    assert guess_targets(["E-Mail", "Rechnung"], [address, mixed])[1] == "fields.Rechnung"
    named = guess_targets(["E-Mail", "Rechnung", "Anhang"], [address, files, seen("a.docx")])
    assert named == ["email", "fields.Rechnung", "attachment"]


@pytest.mark.parametrize("headers", ["CC|BCC", "E-Mail (CC)|E-Mail (BCC)", "Kopie an|Blindkopie"])
def test_who_else_gets_a_message_is_known_by_its_heading_and_addresses(headers: str) -> None:
    named = ["Name", *headers.split("|"), "E-Mail"]
    address = seen("ada@example.org", "bo@example.org")
    glances = [seen("Ada", "Bo"), seen("cy@example.org"), seen("a@b.org, c@d.org"), address]
    assert guess_targets(named, glances) == ["name", "cc", "bcc", "email"]
    codes = [seen("Ada", "Bo"), seen("DE", "FR"), seen("500"), address]
    assert guess_targets(["Name", "CC", "BCC", "E-Mail"], codes)[1:3] == ["fields.CC", "fields.BCC"]


@pytest.mark.parametrize(
    "heading",
    ["Bemerkung", "Interne Bemerkung", "Vorstandsnotiz", "Notiz (intern)", "Remarks/comments",
     "Staff notes", "internal", "Kassenvermerke", "Commentaires", "Uwagi wewnętrzne", "備考",
     "Bem.", "Bem. Vorstand", "Anm.", "Obs.", "Rem. trésorier", "For office use only",
     "Staff only", "Nur für den Vorstand", "To-do", "Wiedervorlage"],
)  # fmt: skip
def test_remarks_are_left_out(heading: str) -> None:
    glances = [seen("Ada"), seen("always pays late")]
    assert guess_targets(["Name", heading], glances) == ["name", None]


@pytest.mark.parametrize(
    "heading",
    ["Room", "Delivery note", "International", "Internat", "Notebook", "Vorstand", "Office", "To"],
)
def test_other_columns_are_no_remarks(heading: str) -> None:
    assert guess_targets([heading], [seen("Blue")]) == [f"fields.{heading}"]


@pytest.mark.parametrize("heading", WHOLE_NAMES.split("|"))
def test_whole_names_are_known_in_several_languages(heading: str) -> None:
    glances = [seen("Ada Lovelace", "Bo Berg"), seen("a@x.org", "b@x.org")]
    assert guess_targets([heading, "x"], glances) == ["name", "email"]


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
        ("E-mail, E-mail 2", "a@x.org, b@x.org", "email, None"),
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
    headers = ["Nr.", "Name", "Code", "Buchungsnummer"]
    assert guess_targets(headers, two) == ["fields.Nr.", "name", "fields.Code", "number"]


@pytest.mark.parametrize(
    ("heading", "values", "target"),
    [
        ("ID", "1, 2, 4, 5", "fields.ID"),  # answers of a form, one of them deleted
        ("ID", "31, 32, 33", "fields.ID"),  # its second export
        ("ID", "5, 4, 3", "fields.ID"),
        ("ID", "3, 9, 40", "fields.ID"),
        ("ID", "1", "fields.ID"),
        ("Nr.", "1, 2, 4, 7", "fields.Nr."),
        ("Nr.", "3, 2, 1", "fields.Nr."),
        ("Nr.", "17, 18", "number"),
        ("Order number", "1, 2, 3", "fields.Order number"),
        ("Order number", "1017, 1018, 1019", "number"),
        ("ID", "5017, 1018, 3019", "number"),
        ("Mitgliedsnr.", "4017, 918, 1019", "fields.Mitgliedsnr."),
        ("Kundennummer", "10023, 10024, 10025", "fields.Kundennummer"),
        ("Customer #", "10023, 10024, 10025", "fields.Customer"),
        ("Versanddatum", "2026-12-01, 2026-12-02", "fields.Versanddatum"),
        ("Fecha de envío", "2026-12-01, 2026-12-02", "fields.Fecha de envío"),
        ("Titel", "Dr. med., Dipl.-Ing., Prof. Dr.", "fields.Titel"),
        ("Titolo", "Dott., Dott.ssa, Avv.", "fields.Titolo"),
        ("Title", "Rev., Mr & Mrs, Ms", "fields.Title 2"),
        ("Title", "Concert, Ms Julie, Dr. Faust", "title"),
        ("Item #", "1, 1, 2", "fields.Item"),
        ("Kontakt", "0170 1234567, 0171 7654321", "fields.Kontakt"),
        ("Nummer", "01701234567, 01717654321", "fields.Nummer"),
        ("Teilnehmername", "Ada Lovelace, Bo Berg", "name"),
        ("Guest", "yes, no, yes", "fields.Guest"),
        ("Customer", "MEM-10023, MEM-10024", "fields.Customer"),
        ("Name", "N 10023, N 10024", "name"),  # as people try things out
        ("Member", "Gold, Silver, Gold, Gold, Silver", "fields.Member"),
        ("Name", "#1001, #1002", "number"),
        ("Order", "#1001, #1002", "number"),
        ("Id", "5551234567890, 5551234567901", "fields.Id"),
        ("Empfänger", "Familie Groß, Bo Berg", "name"),
        ("Empfänger", "a@x.org, b@x.org", "email"),
    ],
)
def test_a_heading_that_may_mean_something_else_is_judged_by_its_values(
    heading: str, values: str, target: str
) -> None:
    assert guess_targets([heading], [seen(*values.split(", "))]) == [target]


PEOPLE = ("Ada Lovelace", "Bo Berg", "Cy Cole")
FIRST, LAST = ("Ada", "Bo", "Cy"), ("Lovelace", "Berg", "Cole")
FLAGS = ("ja", "nein", "ja")


@pytest.mark.parametrize(
    ("columns", "targets"),
    [
        ({"Vorname": FIRST, "Mitglied": FLAGS}, "name, fields.Mitglied"),
        ({"Mitglied": FLAGS, "Vorname": FIRST, "Nachname": LAST},
         "fields.Mitglied, first_name, name"),
        ({"Mitglied": PEOPLE, "Vorname": FIRST, "Nachname": LAST},
         "fields.Mitglied, first_name, name"),
        ({"Vorname": FIRST, "Teilnehmer": PEOPLE}, "fields.Vorname, name"),
        ({"Vorname": FIRST, "Verein": LAST, "Kontakt": ("Telefon", "Post", "Telefon")},
         "name, fields.Verein, fields.Kontakt"),
        ({"Name": (), "Vor- und Nachname": PEOPLE}, "None, name"),
        ({"Name": ("Ada",), "Your name": PEOPLE}, "fields.Name 2, name"),
        ({"First Name (Billing)": FIRST, "Last Name (Billing)": LAST,
          "First Name (Shipping)": FIRST, "Last Name (Shipping)": LAST},
         "first_name, name, fields.First Name Shipping, fields.Last Name Shipping"),
        ({"Etternavn": LAST, "Fornavn": FIRST}, "name, first_name"),
        ({"Hi! What's your *first name*?": FIRST, "And your last name?": LAST}, "first_name, name"),
        ({"Name": ("#1001", "#1002", "#1003"), "Billing Name": PEOPLE}, "number, name"),
        ({"Shipping Name": PEOPLE, "Billing Name": PEOPLE}, "fields.Shipping Name, name"),
        ({"Vorname": (), "Nachname": (), "Name": PEOPLE}, "None, None, name"),
        ({"Vorname": FIRST, "Name": PEOPLE}, "fields.Vorname, name"),
        ({"Vorname": FIRST, "Ihr Name": LAST}, "first_name, name"),
        ({"Vorname": FIRST, "Name": ("Lovelace",)}, "name, fields.Name 2"),
        ({"Email": ("anonymous",) * 3, "Answer to": ("a@x.org", "b@x.org", "c@x.org")},
         "None, email"),
        ({"E-mail": ("a@x.org",), "Partner": ("b@x.org",)}, "email, None"),
        ({"E-mail Address": ("a@x.org",), "E-mail Type": ("SMTP",), "Priority": ("Normal",),
          "Categories": ("Debtor",)}, "email, None, None, None"),
        ({"Mail": ("a@x.org",), "Priority": ("high",)}, "email, fields.Priority"),
        ({"ID": ("1", "2"), "Start time": ("9:00",), "Completion time": ("9:05",),
          "Which day?": ("Monday",)}, "None, None, None, fields.Which day"),
        ({"Completion time": ("9:05",), "Your language": ("French",)},
         "None, fields.Your language"),
        ({"Submission ID": ("5f3a",), "IP": ("10.0.0.1",), "utm_source": ("x",), "Dish": ("fish",)},
         "None, None, None, fields.Dish"),
        ({"Submission ID": ("5f3a",), "hidden_token": ("x",)}, "None, None"),
        ({"Token": ("A1",), "Dish": ("fish",)}, "fields.Token, fields.Dish"),
        ({"IP": ("54",), "Dish": ("fish",)}, "fields.IP, fields.Dish"),
        ({"Event": ("Gala",), "Start time": ("9:00",)}, "title, fields.Start time"),
        ({"Zeitstempel": ("2026/05/01 9:13:22 AM GMT+2",), "Essen": ("ja",)}, "None, fields.Essen"),
        ({"Name": ("#1001", "#1003"), "Lineitem name": ("Mug", "Cup"), "Id": ("5551234567890",)},
         "number, fields.Lineitem name, None"),
        ({"Senden am": ("24.12.31, vormittags", "bald"), "Ort": ("Ulm",)}, "send_at, fields.Ort"),
        ({"E-Mail": (), "Adresse": ("a@x.org", "b@x.org", "c@x.org")}, "None, email"),
        ({"E-Mail": ("Ada <a@x.org>", "<b@x.org>;", "mailto:c@x.org")}, "email"),
        ({"E-Mail": ("a@x.org; b@x.org", "'b@x.org", "x|c@x.org")}, "email"),
        ({"Wer": ("Ada <a@x.org>", "'b@x.org'", "c@x.org;")}, "email"),
    ],
)  # fmt: skip
def test_columns_are_judged_beside_each_other(
    columns: dict[str, tuple[str, ...]], targets: str
) -> None:
    found = guess_targets([*columns], [seen(*values) for values in columns.values()])
    assert ", ".join(map(str, found)) == targets


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
    for (header, values), target in zip(columns, targets, strict=True):
        if plain(header) in technical({plain(header) for header, _ in columns}):
            continue
        is_for_mail = any(text in KINDS[Target.EMAIL] for text in readings(header))
        if any(values) and not (is_for_mail or "@" in "".join(values) or is_remark(plain(header))):
            assert target is not None
        assert target is None or is_target(target)
    given = [target for target in targets if target is not None]
    assert len({target.casefold() for target in given}) == len(given)


@pytest.mark.parametrize(
    ("headers", "targets"),
    [
        ("Betrag (€), Betrag (%), Betrag", "Betrag 2, Betrag 3, Betrag"),
        ("Seat?, Seat #, seat", "Seat 2, Seat 3, seat"),
        ("Betrag (€), Betrag (%)", "Betrag, Betrag 2"),
    ],
)
def test_a_heading_that_is_a_fields_name_goes_before_one_shortened_to_it(
    headers: str, targets: str
) -> None:
    found = guess_targets(headers.split(", "), [seen("1")] * len(headers.split(", ")))
    assert ", ".join(str(each).removeprefix("fields.") for each in found) == targets


@pytest.mark.parametrize(
    "heading", ["सीट नंबर", "หมายเลข ที่นั่ง", "আসন নম্বর", "இருக்கை எண்", "מִסְפָּר מוֹשָׁב", "می‌خواهم صندلی"]
)
def test_a_heading_of_several_words_is_a_field_in_every_script(heading: str) -> None:
    assert field_name(heading) == heading


def test_letters_and_accents_apart_are_the_same_field_as_together() -> None:
    apart = unicodedata.normalize("NFD", "Größe é")
    assert field_name(apart) == "Größe é"
    assert field_key(apart) == field_key("Größe é")


@given(
    st.text(max_size=12)
    | st.sampled_from(["in", "None", "1/4", "¼", "", "İd", "E-Mail", "2026", "2024/25", "é é"])
)
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


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        (
            "Ada Lovelace\tada@x.org\t57\nBo Maier\tbo@x.org\t58",
            {"A": "name", "B": "email", "C": "fields.C"},
        ),
        ("Ada\tada@x.org\t57\nZoe\tzoe@x.org\t9", {"A": "fields.A", "B": "email", "C": "fields.C"}),
        ("Eva von Ahn\ti@x.org\nBo Maier\tj@x.org", {"A": "name", "B": "email"}),
        ("a@x.org, Ulm, 12\nb@x.org, Rom, 13", {"A": "email", "B": "fields.B", "C": "fields.C"}),
        (
            "Ada Lovelace <a@x.org>;Bad Ems;5\nBo Maier <b@x.org>;New York;7",
            {"A": "email", "B": "fields.B", "C": "fields.C"},
        ),
        ("- Ada <a@x.org>\n- b@x.org", {"A": "email"}),
        (
            "Town;Mail\nBad Homburg;ada@x.org\nNew York;bo@x.org",
            {"Town": "fields.Town", "Mail": "email"},
        ),
    ],
)
def test_name_is_found_by_its_values_without_a_header(
    text: str, targets: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(text)
    with opened(path) as source:
        assert describe(source, SheetChoice()).mapping == targets
