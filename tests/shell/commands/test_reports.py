"""``sendoff report`` writes the spreadsheet once more, with what became of each row."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from tests.shell.conftest import batch_done

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.client.api import Api
    from tests.shell.conftest import Shell


def test_each_row_says_what_became_of_it(shell: Shell, api: Api, tmp_path: Path) -> None:
    sheet, out = tmp_path / "members.csv", tmp_path / "report.csv"
    sheet.write_text("E-Mail;Jahr\nada@example.org;2027\nalan.example.org;2027\n")
    shell("import", str(sheet))
    batch_done(api, 1)
    said = shell("report", "1", "-o", str(out))
    assert (said.returncode, said.stdout) == (0, f"{out} has 2 rows.\n")
    head, ada, alan = csv.reader(out.read_text().splitlines(), delimiter=";")
    assert head == ["E-Mail", "Jahr", "Sendoff status", "sent at", "answer", "Message-ID"]
    assert ada[:3] == ["ada@example.org", "2027", "kept on this computer"]
    assert ada[5].startswith("<")
    assert alan[2:] == ["problem", "", "There is no @ in this address.", ""]
    out.write_text("mine")
    for arguments, sentence in (
        (("9",), "There is no batch 9."),
        (("1", "-o", str(tmp_path / "report.xlsx")), "is a .csv file; give it that ending."),
        (("1", "-o", str(tmp_path / "none" / "report.csv")), "could not be written"),
    ):
        said = shell("report", *arguments)
        assert (said.returncode, said.stdout, len(said.stderr.splitlines())) == (1, "", 1)
        assert sentence in said.stderr
    assert out.read_text() == "mine"


def test_without_its_spreadsheet_there_is_no_report(shell: Shell, api: Api) -> None:
    api.batches.create({"name": "May"}, "key")
    said = shell("report", "1")
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr == "The spreadsheet of batch 1 is not kept, so there is no report.\n"
