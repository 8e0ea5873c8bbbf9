"""Why a file cannot be read or written, in words."""

from __future__ import annotations

import errno

from desktop.gui.kit.words.file_faults import error_sentence
from desktop.sheets.faults import SheetError, SheetFault


def test_fault_of_a_sheet_has_its_data() -> None:
    error = SheetError(SheetFault.TOO_LARGE, size=1 << 31, limit=1 << 29)
    assert error_sentence(error) == str(error) == "The file has 2,048 MiB; the limit is 512 MiB."


def test_error_of_the_system_is_a_sentence_without_its_number() -> None:
    full = OSError(errno.ENOSPC, "No space left on device", "/x")
    assert error_sentence(full) == "No space left on device."
    assert error_sentence(OSError("odd")) == "odd."
