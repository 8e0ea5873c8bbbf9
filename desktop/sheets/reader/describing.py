"""Describes a spreadsheet in one pass: its kind, header and columns, and the number of rows."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

from desktop.sheets.description import RECIPIENT, Column, Description, Note, Writing, is_shown
from desktop.sheets.faults import SheetError, SheetFault
from desktop.sheets.reader.columns.guessing import SAMPLES, Glance, address_beside, guess_targets
from desktop.sheets.reader.columns.headers import (
    LOOKED_AT,
    Header,
    guess_header,
    header_at,
    header_texts,
    unique_headers,
)
from desktop.sheets.reader.files.cells import Wording, is_blank, is_prepared
from desktop.sheets.reader.files.kinds import kind_of
from desktop.sheets.reader.files.tables import table_of

if TYPE_CHECKING:
    from desktop.sheets.description import SheetChoice
    from desktop.sheets.reader.files.source import SourceFile


def describe(source: SourceFile, choice: SheetChoice) -> Description:
    """Read a file once and describe it; raises ``SheetError``."""
    writing = choice.writing or Writing()
    wording = Wording.of(writing)
    kind = kind_of(source)
    table = table_of(source, kind, choice)
    marks = table.marks()
    rows = table.shown_rows(wording)
    first = list(islice(rows, max(LOOKED_AT, choice.header or 0)))
    top = [(row, cells) for row, cells, _ in first]
    header = Header() if table.is_headless else guess_header(top)
    if choice.header is not None:
        header = header_at(top, choice.header)
    glances: list[Glance] = []
    hidden: list[int] = []
    count = prepared = width = 0
    for row, cells, shown in chain(first, rows):
        filled = len(cells)
        while filled and is_blank(cells[filled - 1]):
            filled -= 1
        width = max(width, filled)
        if row <= header.row or not filled:
            continue
        if row in marks.hidden_rows:
            hidden.append(row)
            if choice.visible_only:
                continue
        count += 1
        prepared += is_prepared(cells)
        glances += [Glance() for _ in range(filled - len(glances))]
        address = address_beside(cells) if count <= LOOKED_AT else ""
        for at, (glance, cell) in enumerate(zip(glances, cells, strict=False)):
            glance.note_addresses(row, cell)
            if glance.wants(cell):
                glance.see(cell, wording, shown(at), address)
    if not width:
        raise SheetError(SheetFault.EMPTY)
    glances += [Glance() for _ in range(width - len(glances))]
    headers = unique_headers(top, header, width)
    lower = unique_headers(top, Header(header.row, 1), width) if header.rows > 1 else headers
    texts = header_texts(top, header, width)
    guessed = guess_targets(headers, glances, lower, texts)
    hides = {at for at in marks.hidden_columns if at < width and glances[at].filled}
    targets = [
        None if at in hides and is_shown(target) else target for at, target in enumerate(guessed)
    ]
    counted = {
        Note.HIDDEN_ROWS: len(hidden),
        Note.HIDDEN_COLUMNS: len(hides),
        Note.MERGED_CELLS: sum(last > header.row for last in marks.merged),
        Note.UNSAVED_FORMULAS: marks.unsaved,
        Note.ERROR_CELLS: sum(len(each) for row, each in marks.errors.items() if row > header.row),
        **table.notes(),
    }
    source.check_unchanged()
    return Description(
        path=str(source.path),
        kind=kind,
        sheets=table.sheets,
        sheet=table.sheet,
        encoding=table.encoding,
        readings=dict(table.readings),
        delimiter=table.delimiter,
        header=header.row,
        header_rows=header.rows,
        columns=tuple(
            Column(
                name,
                tuple(glance.samples),
                target,
                bool(text),
                *glance.differing,
                tuple(glance.slips),
                glance.further,
            )
            for name, glance, target, text in zip(headers, glances, targets, texts, strict=True)
        ),
        rows=count - (prepared if RECIPIENT & {*targets} else 0),
        notes={note: counted[note] for note in Note if counted.get(note)},
        hidden_rows=tuple(hidden[:SAMPLES]),
        stamp=source.stamp,
        writing=writing,
        each_address=choice.each_address,
        visible_only=choice.visible_only,
    )
