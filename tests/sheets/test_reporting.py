"""The report is the spreadsheet once more, with what became of each row."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, cast

import pytest
from python_calamine import CalamineWorkbook

from desktop.contract.batches import Batch, BatchRow, RowCheck, RowOutcome
from desktop.sheets.calls import (
    describe,
    report_cells,
    report_suffix,
    with_suffix,
    write_batch_report,
    write_report,
)
from desktop.sheets.description import PROBLEM_HEADING, REPORT_HEADINGS, SheetChoice
from desktop.sheets.faults import SheetError, SheetFault
from desktop.sheets.reader.files.source import opened
from desktop.sheets.writer import CsvWriter, Report
from sendoff_tasks.words.table import ENGLISH
from tests.sheets.files import (
    HEADER,
    ROWS,
    described,
    rows_of,
    texts,
    workbook,
    write_csv,
    write_xlsx,
)
from tests.sheets.test_corpus import CORPUS

pytestmark = pytest.mark.usefixtures("forked_readers")
HALF_PAST_NINE = datetime.combine(date(2026, 3, 1), time(9, 30))
COLUMNS = dict.fromkeys(HEADER) | {"E-mail": "email"}
SENT = ["sent", "2026-11-21 09:00:00", "Bo <bo@example.org>", "250 OK", "<1@example.org>"]
CELLS = [[(2, SENT)], [(3, ["failed"])]]


def test_text_keeps_its_encoding_delimiter_and_line_ends(tmp_path: Path) -> None:
    rows = [HEADER, ["0017", "Bo Müller", "bo@example.org", "12,50"], ROWS[1]]
    source = write_csv(tmp_path / "members.csv", rows, "cp1252")
    out = tmp_path / "report.csv"
    assert write_report(source, out, COLUMNS, REPORT_HEADINGS, CELLS, reading=None) == 2
    assert out.read_bytes().decode("cp1252") == (
        "Number;Name;E-mail;Title;Sendoff status;sent at;sent to;answer;Message-ID\r\n"
        "0017;Bo Müller;bo@example.org;12,50;sent;2026-11-21 09:00:00;"
        "Bo <bo@example.org>;250 OK;<1@example.org>\r\n"
        "17;Ada Lovelace;ada@example.org;Concert;failed\r\n"
    )


@pytest.mark.parametrize("cell", ["'01067", '="007"', "'=1+1"])
def test_the_marks_that_keep_a_cell_as_text_stay_in_its_report(tmp_path: Path, cell: str) -> None:
    source, out = tmp_path / "members.csv", tmp_path / "report.csv"
    source.write_text(f"Code;E-mail\n{cell};ada@example.org\n")
    given = [[(2, ["sent"])]]
    write_report(source, out, {"Code": None, "E-mail": "email"}, ["status"], given, reading=None)
    (_, row) = csv.reader(out.read_text().splitlines(), delimiter=";")
    assert row == [cell, "ada@example.org", "sent"]
    assert texts(out)[1][0] == texts(source)[1][0] != cell


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_stays(tmp_path: Path, encoding: str) -> None:
    source = write_csv(tmp_path / "members.csv", encoding=encoding)
    out = tmp_path / "report.csv"
    write_report(source, out, COLUMNS, ["status"], [], reading=None)
    assert out.read_bytes()[:3] == source.read_bytes()[:3]
    assert texts(out)[0] == [*HEADER, "status"]


def test_a_workbook_keeps_its_sheet_and_its_values(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Members of 2026"],
        [],
        ["Number", "Name", "Joined", "Fee", "Code", "At"],
        [17, "Ada", date(2026, 3, 1), 12.5, "0017", HALF_PAST_NINE],
        [18, "Bo", date(1899, 12, 31), -3, "=1+1", True],
    ]
    rows[4][2] = "31.12.1899"
    source = tmp_path / "members.xlsx"
    with workbook(source, default_date_format="yyyy-mm-dd", strings_to_formulas=False) as book:
        book.add_worksheet("Empty")
        page = book.add_worksheet("Mitglieder")
        for at, cells in enumerate(rows):
            page.write_row(at, 0, cells)
    out = tmp_path / "report.xlsx"
    cells = [[(4, ["sent", "", "", "", "<1@example.org>"]), (5, ["=cmd|' /C calc'!A0"])]]
    assert (
        write_report(source, out, dict.fromkeys(rows[2]), REPORT_HEADINGS, cells, reading=None) == 2
    )
    book = CalamineWorkbook.from_path(str(out))
    assert book.sheet_names == ["Mitglieder"]
    read = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert read[0][0] == "Members of 2026"
    assert read[2] == [*rows[2], *REPORT_HEADINGS]
    assert read[3] == [*rows[3], "sent", "", "", "", "<1@example.org>"]
    assert read[4] == [*rows[4], "=cmd|' /C calc'!A0", "", "", "", ""]


def test_of_sheets_with_the_same_columns_the_one_that_was_read(tmp_path: Path) -> None:
    source, out = tmp_path / "months.xlsx", tmp_path / "report.xlsx"
    with workbook(source) as book:
        for month in ("January", "February", "March"):
            page = book.add_worksheet(month)
            for at, cells in enumerate(ROWS):
                page.write_row(at, 0, cells)
    found = describe(source, SheetChoice(sheet="February"))
    again = describe(source, SheetChoice(sheet="February"), columns=found.mapping)
    assert again.sheet == "February"
    given = [[(row, ["sent"])] for row in (2, 3)]
    write_report(source, out, COLUMNS, ["status"], given, reading=found.reading(COLUMNS))
    assert CalamineWorkbook.from_path(str(out)).sheet_names == ["February"]


@pytest.mark.parametrize("name", ["export.xls", "members"])
def test_text_under_another_name_becomes_a_workbook(tmp_path: Path, name: str) -> None:
    source, out = tmp_path / name, tmp_path / "report.xlsx"
    write_csv(source)
    assert report_suffix(source) == ".xlsx"
    write_report(source, out, COLUMNS, ["status"], [[(2, ["sent"])]], reading=None)
    assert CalamineWorkbook.from_path(str(out)).sheet_names == [source.stem]
    assert texts(out)[1] == [*ROWS[1], "sent"]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_rows_that_are_written_alone_keep_their_numbers(tmp_path: Path, suffix: str) -> None:
    """A person looks them up in the spreadsheet that they are from."""
    source, out = tmp_path / f"members{suffix}", tmp_path / f"some{suffix}"
    rows = [HEADER, *(ROWS[1 + n % 2] for n in range(300))]
    write_csv(source, rows) if suffix == ".csv" else write_xlsx(source, rows)
    for _ in range(2):  # those of those keep theirs
        given = [[(3, ["x"])], [(250, ["y"])]]
        wanted = (source, out, COLUMNS, ["problem"], given)
        assert write_report(*wanted, only_given=True, reading=None) == 2
        found = {n: cells for n, cells in enumerate(texts(out), 1) if any(cells)}
        assert {n: cells[-1] for n, cells in found.items()} == {1: "problem", 3: "x", 250: "y"}
        assert described(out).rows == 2
        source = out.rename(tmp_path / f"again{suffix}")


@pytest.mark.parametrize("heading", [PROBLEM_HEADING, "answer"])
@pytest.mark.parametrize("suffix", ["csv", "xls"])
def test_a_row_stays_unclear_until_it_is_corrected(
    tmp_path: Path, suffix: str, heading: str
) -> None:
    """In the copy a further cell has an empty heading, and a workbook needs no quotation marks."""
    source = tmp_path / f"source.{suffix}"
    source.write_text(
        'Name,E-Mail,Fee\nAda,a@x.org,5\nBo,b@x.org,12,50\n"Cy,c@x.org,7\nDi,d@x.org,9,50,,\n'
    )
    found = described(source)
    unclear = [row for row in rows_of(found, found.mapping) if "problem" in row]
    assert [row["row"] for row in unclear] == [3, 4, 5]
    headings = [*REPORT_HEADINGS] if heading == "answer" else [heading]
    cells = [(row["row"], sentence_cells(row, headings)) for row in unclear]
    out = tmp_path / f"copy.{'csv' if suffix == 'csv' else 'xlsx'}"
    pages = [[(row, said) for row, said in cells]]
    write_report(source, out, found.mapping, headings, pages, reading=None, only_given=True)
    again = described(out)
    assert rows_of(again, found.mapping) == unclear
    if suffix == "csv":
        corrected = out.read_text().replace("Bo,b@x.org,12,50,", 'Bo,b@x.org,"12,50",,')
        out.write_text(corrected)
        read = {row["row"]: row.get("problem") for row in rows_of(described(out), found.mapping)}
        assert read == {row["row"]: row["problem"] for row in unclear} | {3: None}


def sentence_cells(row: Any, headings: Sequence[str]) -> list[str]:
    """Return the added cells of an unclear row, with a sentence that quotes it."""
    said = f"“{row['problem']['text']}” cannot be read for certain. Correct this row."
    return [said if heading in {PROBLEM_HEADING, "answer"} else "" for heading in headings]


def test_a_header_that_was_chosen_far_down_is_found_again(tmp_path: Path) -> None:
    source, out = tmp_path / "a.csv", tmp_path / "report.csv"
    write_csv(source, [["x", "y", "z", "w"]] * 99 + ROWS)
    found = described(source, SheetChoice(header=100))
    assert list(found.mapping) == HEADER
    assert found.rows == 2
    assert write_report(source, out, COLUMNS, ["status"], [[(101, ["sent"])]], reading=None) == 2
    assert texts(out)[99:101] == [[*HEADER, "status"], [*ROWS[1], "sent"]]


def test_what_could_be_a_formula_is_defused_and_read_as_it_was(tmp_path: Path) -> None:
    risky = ["=cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "+49 30 1234", "-5", "Ada"]
    source = write_csv(tmp_path / "a.csv", [["Name", "Title"], *([each, "x"] for each in risky)])
    out = tmp_path / "report.csv"
    write_report(
        source,
        out,
        {"Name": None, "Title": None},
        ["answer"],
        [[(2, ["=HYPERLINK(1)"])]],
        reading=None,
    )
    raw = [line.split(";")[0] for line in out.read_text().splitlines()[1:]]
    assert raw == ["'=cmd|' /C calc'!A0", "'@SUM(1)", "'-2+3", "+49 30 1234", "-5", "Ada"]
    assert [cells[0] for cells in texts(out)[1:]] == risky
    assert ";'=HYPERLINK(1)" in out.read_text()


def test_a_report_on_other_columns_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    out = tmp_path / "report.xlsx"
    out.write_bytes(b"the last one")
    source = write_xlsx(tmp_path / "members.xlsx")
    with pytest.raises(SheetError) as caught:
        write_report(source, out, {**COLUMNS, "Phone": None}, ["status"], [], reading=None)
    assert caught.value.fault is SheetFault.DIFFERENT_COLUMNS
    assert caught.value.data == {"missing": ["Phone"]}
    assert out.read_bytes() == b"the last one"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["members.xlsx", "report.xlsx"]


def test_a_row_says_its_outcome_or_why_it_was_left_out() -> None:
    sent = {
        "row": 2,
        "item": {"title": "T"},
        "check": RowCheck.READY,
        "data": {},
        "outcome": RowOutcome.SENT,
        "message": "",
        "sent_at": "2026-11-21T09:00:00+00:00",
        "answer": "250 OK",
        "message_id": "<1@example.org>",
        "bounced": None,
        "to": "Ada <ada@x.org>",
    }
    local = datetime.fromisoformat("2026-11-21T09:00:00+00:00").astimezone()
    expected = ["sent", f"{local:%Y-%m-%d %H:%M:%S}", "Ada <ada@x.org>", "250 OK"]
    assert report_cells(cast("BatchRow", sent)) == (2, [*expected, "<1@example.org>"])
    copied = sent | {"item": {"cc": "bo@x.org"}}
    _, cells = report_cells(cast("BatchRow", copied), ("desk@x.org", "archive@x.org"))
    assert cells[2] == "Ada <ada@x.org>; Cc: desk@x.org, bo@x.org; Bcc: archive@x.org"
    copied["item"] = {"cc": "bo@x.org", "template": "another"}
    _, cells = report_cells(cast("BatchRow", copied), ("desk@x.org", "archive@x.org"))
    assert cells[2] == "Ada <ada@x.org>; Cc: bo@x.org"
    forgotten = sent | {"item": {}, "answer": None, "message_id": None, "to": None}
    _, cells = report_cells(cast("BatchRow", forgotten))
    assert (cells[0], cells[2:]) == ("sent", ["", "The person was forgotten.", ""])
    left = sent | {
        "check": RowCheck.TWICE,
        "outcome": RowOutcome.LEFT_OUT,
        "message": "It is the same as row 1.",
        "sent_at": None,
        "answer": None,
        "message_id": None,
        "bounced": None,
    }
    assert report_cells(cast("BatchRow", left)) == (
        2,
        ["twice in the spreadsheet", "", "", "It is the same as row 1.", ""],
    )
    _, cells = report_cells(cast("BatchRow", left | {"data": {"row": 2, "batch_id": 9}}))
    assert cells[0] == "in batch 9"
    for waits in (
        left | {"check": RowCheck.SAME, "data": {"item_id": 7, "unsettled": 3}},
        left | {"check": RowCheck.CHANGED, "outcome": "open", "data": {"unsettled": 3}},
    ):
        _, cells = report_cells(cast("BatchRow", waits))
        assert cells == ["uncertain earlier", "", "", "It is the same as row 1.", ""]
    cancelled = left | {"check": RowCheck.READY, "outcome": RowOutcome.CANCELLED}
    taken = cancelled | {"check": RowCheck.TWICE, "data": {"row": 2, "batch_id": 7}}
    for row, status in ((cancelled, "cancelled"), (taken, "in batch 7")):
        _, cells = report_cells(cast("BatchRow", row))
        assert cells[0] == status
    assert all(("report", each) in ENGLISH.rows for each in (*RowOutcome, *RowCheck))


def test_text_reports_keep_their_suffix_and_all_others_are_workbooks(tmp_path: Path) -> None:
    names = ["a.csv", "a.TSV", "a.txt", "a.xls", "a.ods", "a.xlsx", "a"]
    suffixes = [report_suffix(tmp_path / name) for name in names]
    assert suffixes == [".csv", ".tsv", ".txt", ".xlsx", ".xlsx", ".xlsx", ".xlsx"]


@pytest.mark.parametrize(
    ("name", "suffix", "written"),
    [
        ("rep.ods", ".xlsx", "rep.xlsx"),
        ("a.CSV", ".csv", "a.CSV"),
        ("a", ".csv", "a.csv"),
        ("There 2.1", ".xlsx", "There 2.1.xlsx"),
        ("there.ods", ".xlsx", "there (2).xlsx"),
        ("there.xlsx", ".xlsx", "there.xlsx"),  # the dialog has asked
    ],
)
def test_a_name_that_promises_another_kind_gets_the_right_suffix(
    tmp_path: Path, name: str, suffix: str, written: str
) -> None:
    (tmp_path / "there.xlsx").touch()
    assert with_suffix(str(tmp_path / name), suffix) == tmp_path / written


SPLIT = SheetChoice(each_address=True)
CHILDREN = [
    ["Child", "E-mail", "Fee"],
    ["Ida", "Ada <ada@x.org>, Bo <bo@x.org>, ada@x.org", "12,50"],
    ["Jo", "cy@x.org", "8"],
    ["", "", ""],
    ["Kim", "di@x.org / ed@x.org / fy@x.org", "9"],
]
CHILD_COLUMNS = {"Child": "fields.Child", "E-mail": "email", "Fee": "fields.Fee"}
READ = [
    (2, "ada@x.org", "Ida"),
    (3, "cy@x.org", "Jo"),
    (5, "di@x.org", "Kim"),
    (6, "bo@x.org", "Ida"),
    (7, "ed@x.org", "Kim"),
    (8, "fy@x.org", "Kim"),
]


def read(path: Path, choice: SheetChoice | None = None) -> list[dict[str, Any]]:
    rows: list[Any] = rows_of(described(path, choice), CHILD_COLUMNS)
    return [
        {"row": row["row"], **row["item"]["recipient"], **row["item"]["fields"]} for row in rows
    ]


def test_further_addresses_are_rows_after_the_last_one(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "children.csv", CHILDREN)
    rows = read(path, SPLIT)
    assert [(row["row"], row["email"], row["Child"]) for row in rows] == READ
    assert [row.get("name") for row in rows] == ["Ada", None, None, "Bo", None, None]
    assert [row["row"] for row in read(path)] == [2, 3, 5]  # no one chose it
    found = described(path)
    assert (found.rows, found.rows_with(CHILD_COLUMNS), found.further(CHILD_COLUMNS)) == (3, 3, 3)
    assert described(path, SPLIT).rows_with(CHILD_COLUMNS) == 6


def test_each_row_of_a_cell_shows_what_the_sheet_shows(tmp_path: Path) -> None:
    path = tmp_path / "children.xlsx"
    with workbook(path) as book:
        page, money = book.add_worksheet(), book.add_format({"num_format": "0.00"})
        for at, (child, emails, fee) in enumerate(CHILDREN):
            page.write_row(at, 0, [child, emails])
            page.write(at, 2, float(fee.replace(",", ".")) if at and fee else fee, money)
    rows = read(path, SPLIT)
    assert [(row["row"], row["email"], row["Child"]) for row in rows] == READ
    assert [row["Fee"] for row in rows] == ["12.50", "8.00", "9.00", "12.50", "9.00", "9.00"]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_report_has_a_row_for_each_address(tmp_path: Path, suffix: str) -> None:
    source, out = tmp_path / f"children{suffix}", tmp_path / f"report{suffix}"
    write_csv(source, CHILDREN) if suffix == ".csv" else write_xlsx(source, CHILDREN)
    told = {"columns": CHILD_COLUMNS, "reading": described(source, SPLIT).reading(CHILD_COLUMNS)}
    batch = cast("Batch", {**told, "continues": None, "cc": "", "bcc": ""})
    sent: dict[str, Any] = {"check": RowCheck.READY, "outcome": RowOutcome.SENT, "message": ""}
    sent |= {"item": {"title": "T"}, "data": {}, "sent_at": None, "answer": "", "message_id": None}
    sent |= {"bounced": None}
    given = [cast("BatchRow", {**sent, "row": row, "to": email}) for row, email, _ in READ]
    assert write_batch_report(batch, source, out, [given]) == 6
    written = texts(out)[1:]
    assert [each[1].rpartition("<")[2].rstrip(">") for each in written] == [
        *("ada@x.org", "cy@x.org", "", "di@x.org", "bo@x.org", "ed@x.org", "fy@x.org"),
    ]
    assert [each[3] for each in written if each[0]] == ["sent"] * 6
    assert [each[5] for each in written if each[0]] == [email for _, email, _ in READ]


def without(
    source: Path, rows: Sequence[int], columns: dict[str, Any], reading: Any = None, name: str = ""
) -> Path:
    """Put a copy without these rows in the place of a spreadsheet; return it under its new name."""
    given: list[list[tuple[int, list[str]]]] = [[(row, []) for row in rows]]
    write_report(
        *(source, source, columns, [], given), reading=reading, name=name, forgets=["ada@x.org"]
    )
    suffix = report_suffix(Path(name or source.name))
    return source if source.suffix == suffix else source.rename(source.with_suffix(suffix))


PLAYERS = [
    ["List of players", "", "", ""],
    ["Name", "E-mail", "Partner", "Fee"],
    ["Bo", "bo@x.org", "ADA@x.org", "12,50"],
    ["Ada", "ada@x.org", "", "8,00"],
    ["Cy", "cy@x.org", "", "007"],
    ["Ada", "ada@y.org", "", ""],
]
PLAYER_COLUMNS = {"Name": "name", "E-mail": "email", "Fee": "fields.Fee"}


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".xlsx"])
def test_rows_that_are_forgotten_are_empty_and_the_others_keep_their_numbers(
    tmp_path: Path, suffix: str
) -> None:
    source, out = tmp_path / f"players{suffix}", tmp_path / f"report{suffix}"
    write_xlsx(source, PLAYERS) if suffix == ".xlsx" else write_csv(source, PLAYERS)
    kept = without(source, [6], PLAYER_COLUMNS)  # row 4 is for the address, as a hidden one may be
    rows = rows_of(described(kept), PLAYER_COLUMNS)
    left = {row["row"]: row["item"].get("recipient") for row in rows}
    assert left == {3: {"name": "Bo", "email": "bo@x.org"}, 5: {"name": "Cy", "email": "cy@x.org"}}
    assert not {"ADA@x.org", "Ada", "8,00"} & {cell for row in texts(kept) for cell in row}
    given = [[(row, [f"row {row}"]) for row in (3, 4, 5, 6)]]
    write_report(kept, out, PLAYER_COLUMNS, ["what"], given, reading=None)
    assert [(row[0], row[4:]) for row in texts(out)[2:]] == [
        *(("Bo", ["row 3"]), ("", ["row 4"]), ("Cy", ["row 5"]), ("", ["row 6"])),
    ]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_of_the_addresses_of_a_cell_one_can_be_forgotten(tmp_path: Path, suffix: str) -> None:
    source = tmp_path / f"children{suffix}"
    write_csv(source, CHILDREN) if suffix == ".csv" else write_xlsx(source, CHILDREN)
    reading = described(source, SPLIT).reading(CHILD_COLUMNS)
    last, first = READ[-1], READ[0]
    kept = without(source, [first[0], last[0]], CHILD_COLUMNS, reading)
    left = [(row["row"], row["email"], row["Child"]) for row in read(kept, SPLIT)]
    assert left == READ[1:-1]


def test_an_old_workbook_becomes_a_new_one_and_loses_its_other_sheets(tmp_path: Path) -> None:
    kept = tmp_path / "source"
    kept.write_bytes((CORPUS / "two_header_rows.xls").read_bytes())
    found = described(kept)
    (first, *others) = rows_of(found)
    columns = {column.header: None for column in found.columns}
    new = without(kept, [first["row"]], columns, name="members.xls")
    assert new.suffix == ".xlsx"
    assert [row["row"] for row in rows_of(described(new))] == [row["row"] for row in others]
    assert len(CalamineWorkbook.from_path(str(new)).sheet_names) == 1


def test_a_copy_in_which_rows_have_other_numbers_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_empty_rows(self: CsvWriter, cells: Sequence[Any], codes: Any = None) -> None:
        if any(cells):
            write(self, cells)

    write = CsvWriter.write
    monkeypatch.setattr(CsvWriter, "write", without_empty_rows)
    source = write_csv(tmp_path / "players.csv", PLAYERS[1:])
    with opened(source) as file:
        report = Report(file, [*PLAYER_COLUMNS], "E-mail", [], False, forgets=[])
        with pytest.raises(SheetError) as refused:
            report.write(tmp_path, iter([(3, [])]))
    assert refused.value.fault is SheetFault.DIFFERENT_COLUMNS


def test_rows_that_were_left_out_because_they_are_hidden_stay_hidden_and_say_so(
    tmp_path: Path,
) -> None:
    source, out = tmp_path / "members.xlsx", tmp_path / "report.xlsx"
    with workbook(source) as book:
        page = book.add_worksheet("Members")
        page.write_row(0, 0, ["E-mail", "Seat"])
        page.write_row(1, 0, ["ada@example.org", "A"])
        page.write_row(2, 0, ["bo@example.org", "B"])
        page.set_row(2, None, None, {"hidden": True})
    found = described(source, SheetChoice())
    columns = found.mapping
    assert [row["row"] for row in rows_of(found)] == [2]
    cells = [[(2, SENT)]]
    write_report(source, out, columns, REPORT_HEADINGS, cells, reading=found.reading(columns))
    assert texts(out)[2][2] == "left out: hidden"
    assert described(out).hidden_rows == (3,)
