"""Why a file cannot be read or written, in words."""

from __future__ import annotations

import errno

import pytest

from desktop.gui.kit.words.file_faults import error_sentence, fault_words
from desktop.sheets import SheetError, SheetFault
from desktop.sheets.faults import OtherKind

DATA = {"size": 1 << 31, "limit": 1 << 29, "text": "x", "sheet": "A", "sheets": ["B"], "row": 1200}
MORE = {
    "missing": ["Name"],
    "encoding": "utf-8",
    "suffix": ".doc",
    "code": 9,
    "what": "a calendar",
    "columns": 9,
}


def test_noise_named_like_a_workbook_is_no_spreadsheet() -> None:
    for said in (
        fault_words(SheetError(SheetFault.NOT_TEXT)),
        str(SheetError(SheetFault.NOT_TEXT)),
    ):
        assert said.startswith("This is not a spreadsheet")
        assert said.endswith("save it as .xlsx or .csv.")


@pytest.mark.parametrize("what", OtherKind)
def test_each_other_kind_has_a_name(what: OtherKind) -> None:
    words = fault_words(SheetError(SheetFault.OTHER_KIND, what=what))
    assert words.startswith(f"This is {what}, and not a spreadsheet.")


@pytest.mark.parametrize("fault", SheetFault)
def test_each_fault_is_a_sentence(fault: SheetFault) -> None:
    words = fault_words(SheetError(fault, **DATA, **MORE))
    assert words.endswith(".")
    assert "{" not in words


def test_an_error_of_the_system_is_a_sentence_without_its_number() -> None:
    full = OSError(errno.ENOSPC, "No space left on device", "/x")
    assert error_sentence(full) == "No space left on device."
    assert error_sentence(OSError("odd")) == "odd."
