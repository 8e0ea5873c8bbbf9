"""Reads and writes spreadsheets in a child process.

- ``calls``: the functions to call
- ``child``: the child process and its messages. A damaged or huge file cannot slow down, fill or
  crash the parent.
- ``description``, ``faults``: the results and the errors
- ``process``: the main function of the child process; ``calls`` imports none of its code
- ``separated``: cells between separators and in quotation marks
- ``reader``: reads the rows of a table; ``writer``: writes tables
"""

from __future__ import annotations

from desktop.sheets.calls import (
    Chunk,
    addresses_in,
    describe,
    read_rows,
    report_suffix,
    save_pasted,
    with_suffix,
    write_batch_report,
    write_report,
    write_table,
)
from desktop.sheets.child import Stop
from desktop.sheets.description import (
    ENCODINGS,
    PROBLEM_HEADING,
    SAID_HIDDEN,
    Column,
    Description,
    Kind,
    Note,
    SheetChoice,
    Writing,
    letter_notes,
)
from desktop.sheets.faults import SheetError, SheetFault, sentence

__all__ = [
    "ENCODINGS",
    "PROBLEM_HEADING",
    "SAID_HIDDEN",
    "Chunk",
    "Column",
    "Description",
    "Kind",
    "Note",
    "SheetChoice",
    "SheetError",
    "SheetFault",
    "Stop",
    "Writing",
    "addresses_in",
    "describe",
    "letter_notes",
    "read_rows",
    "report_suffix",
    "save_pasted",
    "sentence",
    "with_suffix",
    "write_batch_report",
    "write_report",
    "write_table",
]
