"""Spreadsheets in and out: what one holds, its rows as items, the report on them, and tables out.

Reading order: ``reading`` and ``exporting`` are the verbs; each starts a ``child`` process, so
no file can stutter, fill or crash this one, and talks with it in ``frames``.
``description`` is what comes back, ``faults`` what can be wrong. The child's own modules are in
``reader``; nothing here imports them.
"""

from __future__ import annotations

from desktop.sheets.child import Stop
from desktop.sheets.description import (
    ENCODINGS,
    PROBLEM_HEADING,
    REPORT_HEADINGS,
    Column,
    Description,
    Kind,
    Note,
    SheetChoice,
    Target,
    Writing,
    is_target,
)
from desktop.sheets.exporting import (
    OUTCOME_WORDS,
    report_cells,
    report_suffix,
    with_suffix,
    write_report,
    write_table,
)
from desktop.sheets.faults import SheetError, SheetFault, sentence
from desktop.sheets.reading import Chunk, describe, keep_pasted, read_rows

__all__ = [
    "ENCODINGS",
    "OUTCOME_WORDS",
    "PROBLEM_HEADING",
    "REPORT_HEADINGS",
    "Chunk",
    "Column",
    "Description",
    "Kind",
    "Note",
    "SheetChoice",
    "SheetError",
    "SheetFault",
    "Stop",
    "Target",
    "Writing",
    "describe",
    "is_target",
    "keep_pasted",
    "read_rows",
    "report_cells",
    "report_suffix",
    "sentence",
    "with_suffix",
    "write_report",
    "write_table",
]
