"""``sendoff import`` sends what is ready, says what is wrong, and sends nothing twice."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop.client.api import Api
from desktop.contract.copies import CopiesTo
from desktop.contract.rules.templates import ATTACHMENTS_LIMIT, FilesLimit
from desktop.sheets.description import SheetChoice
from desktop.shell import importing
from desktop.shell.importing import matched, noted, summary
from sendoff_tasks.words.table import ENGLISH
from tests.conftest import RunningBackend
from tests.sheets.files import described, workbook, write_ods
from tests.sheets.test_unreadable import CORPUS
from tests.shell.conftest import Shell, batch_done

SHEET = """Name;E-Mail;Betreff;Jahr
Ada Lovelace;ada@example.org;Renewal;2027
Alan Turing;alan.example.org;Renewal;2027
Grace Hopper;grace@example.org;Renewal;2027
Ada Lovelace;ada@example.org;Renewal;2027
"""
BAD = "Row 3: “alan.example.org”: There is no @ in this address.\n"
SEVERAL = f"{ENGLISH.say('address', 'several')} {ENGLISH.say('row_problem', 'several')}"
TWICE = "Row 5: Row 2 has the same address and title: only that row is sent.\n"


def test_what_a_workbook_hides_is_said_before_its_rows_are_sent(
    shell: Shell, tmp_path: Path
) -> None:
    with workbook(tmp_path / "members.xlsx") as book:
        page = book.add_worksheet("Members")
        page.write_row(0, 0, ["E-Mail", "Seat", "IBAN"])
        page.write_row(1, 0, ["ada@example.org", "A", "DE00"])
        page.write_row(2, 0, ["bo@example.org", "B", "DE01"])
        page.set_row(1, None, None, {"hidden": True})
        page.set_column(2, 2, None, None, {"hidden": True})
        book.add_worksheet("Cancelled")
    dry = shell("import", str(tmp_path / "members.xlsx"), "--dry-run")
    assert dry.stdout.splitlines() == [
        *described(tmp_path / "members.xlsx", SheetChoice(visible_only=True)).note_words(),
        "Columns that are left out: IBAN. See --map.",
        ENGLISH.say("sheet_note", "unnamed"),
        "1 of 1 row can be sent. This was a dry run; nothing is.",
    ]
    left_out = "1 row hidden, by hand or by a filter, left out. See --hidden and --no-hidden.\n"
    assert (dry.returncode, dry.stderr) == (1, left_out)
    with workbook(tmp_path / "more.xlsx") as book:
        page = book.add_worksheet()
        for row in range(4):
            page.write_row(row, 0, ["Name", f"a{row}@example.org"] if row else ["Name", "E-Mail"])
            page.set_row(row, None, None, {"hidden": row > 1})
    more = described(tmp_path / "more.xlsx")
    assert "(rows 3, 4)" in noted(more, matched(more, (), ()))[0]
    told = shell("import", str(tmp_path / "members.xlsx"), "--dry-run", "--json")
    notes = {"hidden_rows": 1, "hidden_columns": 1, "other_sheets": 1}
    assert json.loads(told.stdout)["notes"] == notes
    for option, rows in (("--no-hidden", "1 of 1 row"), ("--hidden", "2 of 2 rows")):
        told = shell("import", str(tmp_path / "members.xlsx"), "--dry-run", option)
        assert (told.returncode, told.stderr) == (0, "")
        said = told.stdout.splitlines()[-1]
        assert said == f"{rows} can be sent. This was a dry run; nothing is."


def test_what_looks_wrong_in_the_letters_is_named(shell: Shell, api: Api, tmp_path: Path) -> None:
    parts = {"subject": "Fees", "text": "Liebe(r) «Vorname», {{ Ort }} «danke»"}
    api.templates.save("fees", {"parts": parts})
    path = tmp_path / "members.csv"
    path.write_text(
        "E-Mail;Vorname;Nachname;Ort;Intern\n"
        "ada@example.org;None;Berg;None;NULL\n"
        "bo@example.org;Bo;MÃ¼ller;4.9E+11;x\n"
    )
    told = shell("import", str(path), "--template", "fees", "--dry-run")
    for texts in ("“«Vorname»” in the template", "row 2 “None”, row 3 “4.9E+11”"):
        assert ENGLISH.say("sheet_note", "looks_wrong", texts=texts) in told.stdout.splitlines()
    can, doubtful = told.stdout.splitlines()[-2:]
    assert (told.returncode, can.partition(" can")[0]) == (0, "2 of 2 rows")
    assert doubtful == ENGLISH.say("draft", "doubtful", n=2)


def test_neutral_salutations_are_counted(shell: Shell, api: Api, tmp_path: Path) -> None:
    parts = {"subject": "Fees", "text": "{{ salutation }}, {{ Anrede }}"}
    api.templates.save("fees", {"parts": parts})
    path = tmp_path / "members.csv"
    rows = "".join(f"Frau;Ada{at} Berg;a{at}@x.org\n" for at in range(600))
    path.write_text(f"Anrede;Name;E-Mail\n{rows};Bo Berg;bo@x.org\nDivers;Kim Berg;kim@x.org\n")
    told = shell("import", str(path), "--template", "fees", "--dry-run")
    said = [ENGLISH.say("sheet_note", "neutral", n=n, header="Anrede") for n in (1, 2)]
    assert said[1] in told.stdout.splitlines()
    told = shell("import", str(path), "--template", "fees", "--kind", "Anrede=text", "--dry-run")
    assert ENGLISH.say("sheet_note", "all_neutral") in told.stdout.splitlines()
    kind = "Anrede=text de Divers=family"
    told = shell("import", str(path), "--template", "fees", "--kind", kind, "--dry-run")
    assert said[0] in told.stdout.splitlines()
    path.write_text("Name;E-Mail;Anrede\nAda Berg;a@x.org;x\n")
    told = shell("import", str(path), "--template", "fees", "--dry-run")
    assert ENGLISH.say("sheet_note", "all_neutral") in told.stdout.splitlines()


TEXT = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
MONEY = (
    '<table:table-cell office:value-type="currency" office:value="30">'
    "<text:p>30,00 €</text:p></table:table-cell>"
)


def test_what_will_not_be_as_it_looks_is_said_before_messages_leave(
    shell: Shell, tmp_path: Path
) -> None:
    with workbook(tmp_path / "fees.xlsx") as book:
        page, money = book.add_worksheet(), book.add_format({"num_format": '0.00 "€"'})
        page.write_row(0, 0, ["E-Mail", "Fee"])
        page.write_row(1, 0, ["ada@example.org", 30], money)
    cells = (TEXT.format("E-Mail"), TEXT.format("Fee"), TEXT.format("ada@example.org"), MONEY)
    rows = (
        f"<table:table-row>{''.join(each)}</table:table-row>" for each in (cells[:2], cells[2:])
    )
    write_ods(tmp_path / "fees.ods", f'<table:table table:name="A">{"".join(rows)}</table:table>')
    for name in ("fees.ods", "fees.xlsx"):  # the texts of an .ods are not written anew
        told = shell("import", str(tmp_path / name), "--dry-run")
        said = [line for line in told.stdout.splitlines() if line.startswith("Numbers and dates")]
        assert len(said) == (name == "fees.xlsx")
        assert "1 of 1 row can be sent" in told.stdout
    path = tmp_path / "members.csv"
    path.write_text("E-Mail;Senden am;Versanddatum\nada@example.org;2099-12-01;2099-12-02\n")
    found = described(path)
    assert noted(found, matched(found, (), ()))[0] == (
        "Each e-mail is sent at the time in column “Senden am”. See --map."
    )
    same = ["Ada,x@example.org,Room 5", "Bo,x@example.org,Room 5", "ADA,x@example.org,Room 5"]
    path.write_text("\n".join(["Name,E-Mail,Room", *same]))
    said_of_both = shell("import", str(path), "--dry-run").stdout
    assert "See --key, and --map for an order's number" in said_of_both
    split = shell("import", str(path), "--dry-run", "--key", "email,title,name")
    assert split.stdout.startswith("2 of 3 rows can be sent.")


def test_addresses_are_read_as_people_write_them_and_slips_are_asked_about(
    shell: Shell, tmp_path: Path
) -> None:
    path = tmp_path / "members.csv"
    rows = ["Ada <ada@gmial.com>", "bo@gmial.com", "'cy@example.org", "a@x.org, b@x.org"]
    path.write_text("E-Mail;Name\n" + "".join(f"{row};x\n" for row in rows))
    told = shell("import", str(path), "--dry-run")
    assert told.stdout.splitlines() == [
        "Further addresses in cells with several: 1. See --each-address.",
        "Looks wrong, and is sent as it is: row 2 “ada@gmial.com”, row 3 “bo@gmial.com”",
        "2 of 4 rows can be sent. This was a dry run; nothing is.",
        "2 rows need a look and are not sent.",
        "2 rows have a value that looks wrong, and are sent as they are.",
    ]
    assert told.stderr.splitlines() == [
        "Row 4: “'cy@example.org”: The part before the @ cannot begin or end with '.",
        f"Row 5: “a@x.org, b@x.org”: {SEVERAL}",
    ]
    split = shell("import", str(path), "--each-address", "--dry-run")
    assert split.stdout.splitlines()[1:] == [
        "4 of 5 rows can be sent. This was a dry run; nothing is.",
        "1 row needs a look and is not sent.",
        "2 rows have a value that looks wrong, and are sent as they are.",
    ]


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "members.csv"
    path.write_text(SHEET)
    return path


def newest(api: Api) -> int:
    """Tell the number of the newest batch."""
    return api.batches.page()["batches"][0]["batch_id"]


def test_a_spreadsheet_is_sent_once_and_a_changed_row_again(
    shell: Shell, api: Api, backend: RunningBackend, sheet: Path
) -> None:
    dry = shell("import", str(sheet), "--dry-run")
    assert (dry.returncode, dry.stderr) == (1, BAD + TWICE)
    assert dry.stdout.startswith("2 of 4 rows can be sent.")
    assert api.batches.page()["batches"] == []

    said = shell("import", str(sheet), "--rate", "500/day")
    assert (said.returncode, said.stderr) == (1, BAD + TWICE)
    assert said.stdout.splitlines() == [
        f"Batch {newest(api)} is started: 2 of 4 rows.",
        "1 row needs a look and is not sent.",
        "1 row repeats another one and is not sent.",
        "See --key, and --map for an order's number as the number or the title.",
    ]
    batch = batch_done(api, newest(api))
    assert (batch["name"], batch["sheet"], batch["rate"]) == ("members.csv",) * 2 + ("500/day",)
    outbox = backend.data_dir / "outbox"
    assert len(list(outbox.iterdir())) == 2

    sheet.write_text(SHEET.replace("alan.", "alan@"))
    assert shell("import", str(sheet)).stderr == TWICE
    batch_done(api, newest(api))
    again = shell("import", str(sheet))
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout.startswith("Nothing to send.\n3 rows are the same as before in every value")
    assert "See --again, to send what was sent before again." in again.stdout.splitlines()

    sheet.write_text(sheet.read_text().replace("Grace Hopper", "G. Hopper"))
    said = shell("import", str(sheet))
    assert said.returncode == 1
    assert said.stdout.startswith("Nothing to send.")
    left_out = "1 row has changed since it was registered and is left out."
    assert said.stderr == f"{left_out} See --changed and --no-changed.\n"
    assert shell("import", str(sheet), "--no-changed").returncode == 0
    told = json.loads(shell("import", str(sheet), "--changed", "--json").stdout)
    assert told["batch_id"] == newest(api)
    assert (told["counts"]["open"], told["counts"]["changed"]) == (1, 1)
    assert [row["row"] for row in told["left_behind"]] == [5]
    batch_done(api, newest(api))
    assert len(list(outbox.iterdir())) == 4

    said = shell("import", str(sheet), "--again")
    assert said.stdout.splitlines()[:2] == [
        f"Batch {newest(api)} is started: 3 of 4 rows.",
        "3 rows are the same as before and are sent again.",
    ]
    batch_done(api, newest(api))
    assert len(list(outbox.iterdir())) == 6  # the corrected one replaces its kept copy


def test_who_opts_out_in_the_spreadsheet_stops_it_until_an_option_says(
    shell: Shell, api: Api, tmp_path: Path
) -> None:
    path = tmp_path / "members.csv"
    people = "Ada;a@example.org;active;ja\nBo;b@example.org;unsubscribed;ja\n"
    path.write_text(f"Name;E-Mail;Status;Newsletter\n{people}Cy;c@example.org;active;nein\n")
    texts = "“Status: unsubscribed”, “Newsletter: nein”"
    asked = ENGLISH.say("draft", "opted_out", "asked", n=2, texts=texts)
    for options in ((), ("--json",), ("--dry-run",)):
        said = shell("import", str(path), "--map", "Newsletter=", *options)
        assert (said.returncode, said.stderr) == (
            1,
            f"{asked} See --opted-out and --no-opted-out.\n",
        )
    assert [
        each["count"]
        for each in json.loads(shell("import", str(path), "--json").stdout)["opted_out"]
    ] == [1, 1]
    assert api.batches.page()["batches"] == []
    said = shell("import", str(path), "--no-opted-out")
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.splitlines()[:2] == [
        f"Batch {newest(api)} is started: 1 of 3 rows.",
        ENGLISH.say("draft", "opted_out", n=2, texts=texts),
    ]
    assert batch_done(api, newest(api))["counts"]["kept"] == 1
    said = shell("import", str(path), "--opted-out")
    assert (said.returncode, said.stdout.splitlines()[0]) == (
        0,
        f"Batch {newest(api)} is started: 2 of 3 rows.",
    )
    assert batch_done(api, newest(api))["counts"]["kept"] == 2
    assert shell("import", str(path)).returncode == 1  # it asks each time


def test_what_a_column_counts_as_can_be_chosen(shell: Shell, api: Api, tmp_path: Path) -> None:
    path = tmp_path / "fees.csv"
    path.write_text("E-Mail;Fee;Code\nada@example.org;12.50;0123\n")
    assert shell("import", str(path), "--kind", "Code=number").returncode == 0
    reading = batch_done(api, newest(api))["reading"]
    assert reading is not None
    assert reading["kinds"] == {"E-Mail": "text", "Fee": "number 0.00", "Code": "number"}
    assert api.items.one(1)["item"]["reading"] == {
        "short_date": "yyyy-mm-dd", "point": ".", "group": ",",
        "kinds": {"Fee": "number 0.00", "Code": "number"},
        "plain": {"Fee": "12.5", "Code": "123"},
    }  # fmt: skip
    wrong = shell("import", str(path), "--kind", "Code=amount")
    assert "'amount' is not a kind: use text, number, date, yes_no" in wrong.stderr


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_same_file_in_another_language_changes_nobody(
    shell: Shell, api: Api, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, rows = tmp_path / f"fees.{kind}", [["a@example.org", 12.5], ["b@example.org", 1234]]
    if kind == "csv":
        path.write_text("E-Mail;Fee;Due\na@example.org;1.234;03/04/2031\nb@x.org;12,50;5/6/2031\n")
    else:
        with workbook(path) as book:
            page, due = book.add_worksheet(), book.add_format({"num_format": 14})
            page.write_row(0, 0, ["E-Mail", "Fee", "Due"])
            for at, row in enumerate(rows, 1):
                page.write_row(at, 0, row)
                page.write(at, 2, date(2031, 3, 4), due)
    assert shell("import", str(path)).returncode == 0
    written = api.items.one(1)["item"]["fields"]
    for language in ("de_DE", "en_GB", "fr_CH"):
        monkeypatch.setenv("LC_ALL", f"{language}.UTF-8")
        told = json.loads(shell("import", str(path), "--dry-run", "--json").stdout)
        assert (told["counts"]["same"], told["counts"]["changed"]) == (2, 0)
    again = shell("import", str(path), "--again", "--key", "email,title")
    assert again.returncode == 0
    batch_done(api, newest(api))
    now = api.items.one(1)["item"]["fields"]
    assert (now == written) == (kind == "csv"), "it is written in its language"


def test_a_column_can_be_written_plainly(shell: Shell, api: Api, tmp_path: Path) -> None:
    path = tmp_path / "fees.xlsx"
    with workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["E-Mail", "Fee", "Paid"])
        page.write_row(1, 0, ["a@example.org", 12.5, 3.5], book.add_format({"num_format": "0.00"}))
    said = shell("import", str(path), "--plain", "Fee")
    assert said.returncode == 0
    assert "are written so" in said.stdout
    (row,) = api.batches.rows(newest(api))["rows"]
    assert row["item"]["fields"] == {"Fee": "12.5", "Paid": "3.50"}
    reading = api.batches.one(newest(api))["reading"]
    assert reading
    assert reading["plain"] == ["Fee"]
    assert reading["kinds"] == {"E-Mail": "text", "Fee": "number", "Paid": "number 0.00"}


def test_of_a_word_that_reads_in_two_ways_both_are_told_and_nothing_is_sent(
    shell: Shell, api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "pl_PL.UTF-8")
    path = tmp_path / "members.csv"
    path.write_bytes("Name;E-Mail\nLefèvre;l@example.org\n".encode("cp1252"))
    told = "A word may be “Lefèvre” (cp1252) or “Lefčvre” (cp1250)."
    first = f"{told} It is read as the first; see --encoding.\n"
    assert shell("import", str(path), "--dry-run").stdout.startswith(first)
    for options in ([], ["--json"]):
        refused = shell("import", str(path), *options)
        assert (refused.returncode, refused.stdout) == (1, "")
        asked = f"{told} Say which with --encoding. Nothing was sent."
        assert refused.stderr == f"{path}: {asked}\n"
    assert api.batches.page()["batches"] == []
    said = shell("import", str(path), "--encoding", "cp1250").stdout
    assert "may be" not in said
    (row,) = api.batches.rows(newest(api))["rows"]
    assert row["item"]["recipient"].get("name") == "Lefčvre"


def test_the_computer_s_language_tells_how_a_word_is_meant(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meant = (
        ("fr_FR.UTF-8", "François", "cp1252", 0),
        ("C", "Łukasz", "cp1250", 1),
    )
    for number, (language, word, encoding, code) in enumerate(meant):
        monkeypatch.setenv("LC_ALL", language)
        path = tmp_path / "members.csv"
        path.write_bytes(f"Name;E-Mail\n{word};l{number}@example.org\n".encode(encoding))
        said = shell("import", str(path))
        assert (said.returncode, "may be" in said.stdout + said.stderr) == (code, True), word


def test_files_that_rows_name_are_taken_from_beside_the_spreadsheet(
    shell: Shell, api: Api, backend: RunningBackend, tmp_path: Path
) -> None:
    sheet = tmp_path / "plans.csv"
    sheet.write_text('E-Mail,Plan\na@example.org,"plan, new.pdf"\nb@example.org,../secret\n')
    (tmp_path / "Plan, new.PDF").write_text("x")
    said = shell("import", str(sheet), "--map", "Plan=attachment")
    assert said.returncode == 1
    assert "../secret" in said.stderr
    batch_done(api, 1)
    (mail,) = (backend.data_dir / "outbox").iterdir()
    assert "Plan, new.PDF" in mail.read_text()


def test_a_file_that_cannot_be_attached_fails_its_row_alone(
    shell: Shell, api: Api, tmp_path: Path
) -> None:
    files = {"a.pdf": 1, "empty.pdf": 0, "large.pdf": ATTACHMENTS_LIMIT + 1}
    for name, size in files.items():
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
    sheet = tmp_path / "plans.csv"
    rows = "".join(f"{each.partition('.')[0]}@example.org,{each}\n" for each in files)
    sheet.write_text(f"E-Mail,Plan\n{rows}")
    said = shell("import", str(sheet), "--map", "Plan=attachment")
    assert said.returncode == 1
    say, wrong = ENGLISH.say, ("empty.pdf", "large.pdf")
    reasons = say("api", "empty_file"), FilesLimit().too_much()
    assert said.stderr.splitlines() == [
        *(say("added_files", "fault", name=n, why=y) for n, y in zip(wrong, reasons, strict=True)),
        f"Row 3: {say('row_problem', 'missing_attachment', file='empty.pdf')}",
        f"Row 4: {say('row_problem', 'missing_attachment', file='large.pdf')}",
    ]
    assert batch_done(api, newest(api))["counts"]["kept"] == 1


def test_what_cannot_be_imported_is_one_sentence_and_leaves_nothing(
    shell: Shell, api: Api, sheet: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.csv").touch()
    (tmp_path / "header.csv").write_text("Name,Email\n")
    for arguments, sentence in (
        (("none.csv",), "none.csv: The file does not exist."),
        ((str(tmp_path / "empty.csv"),), "The spreadsheet is empty."),
        ((str(tmp_path / "header.csv"),), ENGLISH.say("draft", "no_rows")),
        ((str(sheet), "--template", "odd"), "There is no template “odd”."),
        ((str(sheet), "--sheet", "May"), "It is a text file; leave --sheet out."),
        ((str(sheet), "--plain", "Tax"), "There is no column “Tax”."),
        (
            (str(CORPUS / "filtered.xls"),),
            "The hidden rows of an .xls are not known.",
        ),
    ):
        said = shell("import", *arguments)
        assert (said.returncode, said.stdout) == (1, "")
        assert sentence in said.stderr
        assert len(said.stderr.splitlines()) == 1
    assert api.batches.page()["batches"] == []


def test_columns_are_matched_as_chosen_and_no_field_twice(sheet: Path) -> None:
    found = described(sheet)
    columns = matched(found, [("Betreff", "name"), ("Jahr", None)], ())
    assert columns == {"Name": None, "E-Mail": "email", "Betreff": "name", "Jahr": None}
    with pytest.raises(ValueError, match="There is no column “Odd”"):
        matched(found, [("Odd", "name")], ())
    with pytest.raises(ValueError, match="--map COLUMN=email"):
        matched(found, [("E-Mail", None)], ())


def test_the_summary_counts_in_words(api: Api) -> None:
    batch = api.batches.one(api.batches.create({"name": "May"}, "key"))
    batch["counts"] |= {"rows": 3001, "ready": 2999, "changed": 1, "problems": 1}
    counts = {"ready": 2999, "changed": 1, "same": 4}
    to = CopiesTo(address="desk@example.org", counts=counts)
    batch["copies"] = {"emails": counts, "addresses": [to], "others": 0, "repeated": 0}
    batch["leaves"]["last_at"] = "2030-03-01T08:00:00.000Z"
    first, *rest = summary(batch, ["changed"], is_started=True)
    assert first.startswith("Batch 1 is started: 3,000 of 3,001 rows. The last e-mail is sent by ")
    dry, *_ = summary(batch, ["changed"], is_started=False)
    assert ". This was a dry run; nothing is. The last e-mail would be sent by " in dry
    assert rest == [
        "3,000 e-mails have copies: desk@example.org gets 3,000.",
        "1 row needs a look and is not sent.",
        "1 row has changed since it was registered and is sent again as it is now.",
    ]


def test_ctrl_c_leaves_nothing_until_the_start_was_asked_for_and_then_promises_nothing(
    shell: Shell, api: Api, sheet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for step, said in (
        ("describe", "Stopped.\n"),
        ("read_rows", "Stopped. Nothing was sent.\n"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(importing, step, interrupted)
            done = shell("import", str(sheet))
        assert (done.returncode, done.stdout, done.stderr) == (1, "", said)
        assert api.batches.page()["batches"] == []

    batches = type(api.batches)
    start = batches.start

    def started(*given: Any, **named: Any) -> None:
        start(*given, **named)
        raise KeyboardInterrupt

    monkeypatch.setattr(batches, "start", started)
    done = shell("import", str(sheet))
    batch = newest(api)
    said = f"{importing.MAY_SEND.format(batch)}\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)
    assert api.batches.one(batch)["state"] != "draft"


def test_of_a_file_that_changes_the_rows_and_the_kept_copy_are_as_it_was_named(
    shell: Shell, api: Api, sheet: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = sheet.read_bytes()

    def change_first(*args: Any) -> Any:
        sheet.write_bytes(before.replace(b"example.org", b"example.net"))
        return describe_columns(*args)

    describe_columns = importing.matched
    monkeypatch.setattr(importing, "matched", change_first)
    shell("import", str(sheet))
    batch_done(api, newest(api))
    rows = api.batches.rows(newest(api), limit=10)["rows"]
    assert not any("example.net" in json.dumps(row) for row in rows)
    api.batches.sheet(newest(api), tmp_path / "kept.csv")
    assert (tmp_path / "kept.csv").read_bytes() == before
