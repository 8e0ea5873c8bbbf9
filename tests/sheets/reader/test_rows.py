"""Rows are cut into pieces by number and by size; one that no piece holds is a problem."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from desktop.sheets.reader import rows
from desktop.sheets.reader.files.cells import Wording
from desktop.sheets.reader.files.source import opened
from tests.sheets.files import described, write_csv

if TYPE_CHECKING:
    from pathlib import Path


def test_a_piece_has_no_more_bytes_than_a_call_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "BYTES", 400)
    notes = ["x" * 100] * 5 + ["x" * 500] + ["x"] * 3
    path = write_csv(tmp_path / "a.csv", [["Name", "Note"], *(["Ada", note] for note in notes)])
    found = described(path)
    with opened(path) as source:
        pieces = list(rows.pieces(source, found, found.mapping, Wording()))
    read = [json.loads(body)["rows"] for _, body in pieces]
    assert all(len(body) <= 400 + len('{"rows":[]}') for _, body in pieces)
    assert [ahead["count"] for ahead, _ in pieces] == [len(each) for each in read]
    assert [row["row"] for each in read for row in each] == list(range(2, 11))
    (unread,) = (row for each in read for row in each if "problem" in row)
    assert (unread["row"], unread["item"]) == (7, {})
    assert unread["problem"]["problem"] == "unreadable"
