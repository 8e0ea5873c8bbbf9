"""Each fault is one sentence, made of its data."""

from __future__ import annotations

import pytest

from desktop.sheets import SheetError, SheetFault, sentence

DATA = {
    "text": "no space",
    "size": 300 << 20,
    "limit": 100 << 20,
    "suffix": ".pdf",
    "encoding": "utf-8",
    "sheet": "May",
    "sheets": ["June", "July"],
    "row": 7,
    "missing": ["E-mail"],
    "code": 3,
    "what": "a calendar",
}


@pytest.mark.parametrize("fault", SheetFault)
def test_each_fault_is_said(fault: SheetFault) -> None:
    said = sentence(SheetError(fault, **DATA))
    assert said.endswith(".")
    assert "{" not in said


def test_sizes_are_said_in_mebibytes_and_names_in_a_list() -> None:
    too_large = SheetError(SheetFault.TOO_LARGE, size=300 << 20, limit=100 << 20)
    assert str(too_large) == "The file has 300 MiB; the limit is 100 MiB."
    no_sheet = SheetError(SheetFault.NO_SUCH_SHEET, sheet="May", sheets=["June", "July"])
    assert str(no_sheet) == "There is no sheet “May”. The sheets are: June, July."
