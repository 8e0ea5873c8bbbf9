"""Describes a spreadsheet in one pass: its kind and header, and what its columns become."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import chain, islice, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from desktop.contract.batches import COLUMNS_LIMIT, Target
from desktop.contract.rules.mailbox import contacts_in
from desktop.contract.rules.names import is_title
from desktop.contract.rules.templates import (
    FIELD,
    STANDARD,
    field_key,
    field_name,
    free_field_name,
)
from desktop.sheets.description import (
    MOST_HIDDEN,
    NUMBER_MARKS,
    RECIPIENT,
    Column,
    Description,
    Note,
    Writing,
    has_zeros,
    is_shown,
)
from desktop.sheets.faults import SheetError, SheetFault
from desktop.sheets.reader.files.cells import Wording, is_blank, is_prepared
from desktop.sheets.reader.files.source import kind_of
from desktop.sheets.reader.headers import (
    FORM_IDS,
    FULL_NAMES,
    HEADERS,
    KNOWN,
    LOOKED_AT,
    NAMES,
    NOT_NAMES,
    PEOPLE,
    SURNAMES,
    Header,
    added_by_report,
    guess_header,
    has_address,
    header_at,
    header_texts,
    is_remark,
    readings,
    technical,
    unique_headers,
)
from desktop.sheets.reader.kinds import KindCounts
from desktop.sheets.reader.tables import table_of
from sendoff_tasks.model.text import plain, trimmed, whole_number

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from desktop.sheets.description import SheetChoice
    from desktop.sheets.reader.files.cells import CellValue
    from desktop.sheets.reader.files.source import SourceFile

SAMPLES: Final = 5
SAMPLE_LENGTH: Final = 200
_LOOKED_AT: Final = 500
"""Values of a column that are read for a guess."""
_SMALL: Final = 1_000
"""Sorted numbers below it rather count the answers of a form."""
_LONGEST_WITH_ZEROS: Final = 8
"""Digits of a number with a zero before it; more are a telephone number."""
_LARGEST: Final = 10**11
"""Numbers beyond it are those that a program counts by: they would make all later items as long."""
_NAME_LENGTH: Final = 80
_FILE: Final = re.compile(r"[^/\\:@]+\.pdf", re.IGNORECASE)
"""A file that goes along, under any heading: *Invoice*."""
_NOT_IN_NAMES: Final = re.compile(r"[@:;?=#%€$<>]")


@dataclass(slots=True)
class Glance:
    """Counts of a column's values by kind, and some samples.

    ``marked`` counts numbers such as *#1001*, ``named`` the values that may be names, ``phrases``
    those of several words; ``names`` has the different ones with more letters than digits.
    ``further`` counts addresses after the first one of a cell.
    """

    samples: list[str] = field(default_factory=list)
    filled: int = 0
    addresses: int = 0
    titles: int = 0
    named: int = 0
    phrases: int = 0
    names: set[str] = field(default_factory=set)
    numbers: list[int] = field(default_factory=list)
    marked: int = 0
    differing: tuple[str | None, str | None] = (None, None)
    """A text that the sheet shows, and the plain value that differs from it."""
    further: int = 0
    kinds: KindCounts = field(default_factory=KindCounts)

    def wants(self, cell: CellValue) -> bool:
        """Tell whether a value counts: it is not blank, and one of the first."""
        return self.filled < _LOOKED_AT and not is_blank(cell)

    def see(self, cell: CellValue, wording: Wording, shown: str | None = None) -> None:
        """Count one value; its sample is the text that the sheet has ``shown``."""
        text = trimmed(wording.text(cell))
        self.filled += 1
        self.addresses += has_address(text)
        is_phone = text.startswith("0") and len(text) > _LONGEST_WITH_ZEROS
        number = None if is_phone else whole_number(text.lstrip(NUMBER_MARKS), _LARGEST)
        self.numbers += [] if number is None else [number]
        self.marked += number is not None and text[0] in NUMBER_MARKS
        self.titles += is_title(text)
        if _may_be_name(text):
            self.named += 1
            self.phrases += " " in text
            if sum(map(str.isalpha, text)) > sum(map(str.isdigit, text)):
                self.names.add(text.casefold())
        self.kinds.see(cell, text, wording, shown)
        exact = trimmed(wording.exact(cell))
        short = (exact if shown is None else shown)[:SAMPLE_LENGTH]
        if short != exact[:SAMPLE_LENGTH] and self.differing[0] is None:
            self.differing = short, exact
        if len(self.samples) < SAMPLES and short not in self.samples:
            self.samples.append(short)
        elif has_zeros(short) and not any(map(has_zeros, self.samples)):
            self.samples[-1] = short  # *Import* explains that the zeros are lost

    def note_addresses(self, cell: CellValue) -> None:
        """Count the addresses of a cell after its first one; all rows count."""
        if isinstance(cell, str) and cell.count("@") > 1:
            self.further += max(len(contacts_in(cell)) - 1, 0)

    def counts(self, *, answers: bool = False) -> bool:
        """Tell whether the values are 1, 2, 3 and so on, in either direction and with gaps.

        Numbers of a form's ``answers`` may also begin later: at its second export.
        """
        steps = [after - before for before, after in pairwise(self.numbers)]
        if not all(step > 0 for step in steps) and not all(step < 0 for step in steps):
            return False
        is_dense = bool(steps) and sum(abs(step) == 1 for step in steps) * 2 >= len(steps)
        is_answers = answers and (is_dense or (len(steps) > 1 and max(self.numbers) < _SMALL))
        return 1 in self.numbers or is_answers


def _may_be_name(text: str) -> bool:
    """Tell whether a value below *Name* may be one: it has letters, and is not *yes* or *Dr.*."""
    if len(text) > _NAME_LENGTH or _NOT_IN_NAMES.search(text):
        return False
    return any(map(str.isalpha, text)) and plain(text) not in NOT_NAMES and not is_title(text)


class _Kind(NamedTuple):
    """A kind of column: its headings, and how many values of a column are of this kind.

    Half of the values have to be of the kind; one if it is ``lenient``.
    """

    headings: frozenset[str]
    matches: Callable[[Glance], int]
    lenient: bool = False

    def fit(self, column: _Column, at: int) -> _Fit | None:
        """Judge a column; ``None`` if its heading or its values are of another kind."""
        texts = [text for text in column.readings if text in self.headings]
        if not texts or not column.glance.filled:
            return None
        glance, count = column.glance, self.matches(column.glance)
        enough = count * 2 if not self.lenient else count and glance.filled
        return _Fit(at, count, column.readings[texts[0]]) if enough >= glance.filled else None


class _Column(NamedTuple):
    """A column: what its heading may say, each with whether it says just that; and its values."""

    readings: Mapping[str, bool]
    glance: Glance


class _Fit(NamedTuple):
    """A column that fits a kind, with how many of its values do."""

    at: int
    matches: int
    is_sure: bool


def guess_targets(
    headers: Sequence[str],
    glances: Sequence[Glance],
    lower: Sequence[str] | None = None,
    texts: Sequence[str] | None = None,
) -> list[str | None]:
    """Return the probable target of each column; all differ.

    Empty columns have ``None``, and so have columns of remarks, of further addresses, and those
    that a program has added for itself: a person has to choose that recipients read them.

    ``lower`` has the headers without the row of groups above them, if there are two rows.
    ``texts`` are the headers of the sheet; an empty one means that the header is a letter.
    """
    lower, texts = lower or headers, headers if texts is None else texts
    columns = [
        _Column(_readings(header, short) if text else {}, glance)
        for header, short, text, glance in zip(headers, lower, texts, glances, strict=True)
    ]
    found: dict[Target, int] = {}
    for target, kinds in _KINDS.items():
        best = _best(kinds, columns, found.values())
        if best is not None:
            found[target] = best.at
    _add_address(found, glances)
    for at, glance in enumerate(glances):
        if (
            glance.samples
            and all(map(_FILE.fullmatch, glance.samples))
            and at not in found.values()
        ):
            found.setdefault(Target.ATTACHMENT, at)
    found |= _names(columns, found.values())
    if found.keys() & RECIPIENT == {Target.EMAIL} and not any(texts):
        found |= _names_by_values(glances, found)
    targets: list[str | None] = [None] * len(headers)
    for target, at in found.items():
        targets[at] = target.value
    left_out = added_by_report(lower)
    left_out |= {at for at, each in enumerate(columns) if any(map(is_remark, each.readings))}
    own = technical({plain(header) for header in lower})
    left_out |= {at for at, header in enumerate(lower) if plain(header) in own}
    if Target.EMAIL in found:
        left_out |= {at for at, each in enumerate(columns) if _is_for_mail(each)}
    return _with_fields(targets, headers, glances, left_out)


def _is_for_mail(column: _Column) -> bool:
    """Tell whether a column has addresses, or is about them: *E-mail 2*, *E-mail Type*."""
    glance = column.glance
    is_headed = any(text in HEADERS[Target.EMAIL] for text in column.readings)
    return (is_headed and not glance.named) or glance.addresses * 2 > glance.filled


def _readings(header: str, short: str) -> dict[str, bool]:
    """Return what a heading may say; one below a group alone counts if both are not known."""
    whole = plain(header)
    if whole in KNOWN:
        return {whole: True}
    return dict.fromkeys(readings(short), False) | {whole: True, plain(short): True}


def _best(
    kinds: Sequence[_Kind], columns: Sequence[_Column], taken: Collection[int]
) -> _Fit | None:
    """Find the column that fits best.

    That is the first with the surest heading, unless others have more than twice as many values.
    """
    fits = [
        fit
        for at, column in enumerate(columns)
        for kind in kinds
        if at not in taken and (fit := kind.fit(column, at)) is not None
    ]
    most = max((fit.matches for fit in fits), default=0)
    full = [fit for fit in fits if fit.matches * 2 >= most]
    return min(full, key=lambda fit: (not fit.is_sure, fit.at), default=None)


def _people(glance: Glance) -> int:
    """Count names where they may be anything else: neither codes nor a choice of a few words."""
    return len(glance.names) if len(glance.names) * 2 > glance.filled else 0


_KINDS: Final[dict[Target, tuple[_Kind, ...]]] = {
    Target.NUMBER: (
        _Kind(FORM_IDS, lambda each: 0 if each.counts(answers=True) else len(each.numbers)),
        _Kind(
            HEADERS[Target.NUMBER] - FORM_IDS,
            lambda each: 0 if each.counts() else len(each.numbers),
        ),
        _Kind(NAMES | {"order"}, lambda each: 0 if each.counts() else each.marked),
    ),
    Target.CC: (_Kind(HEADERS[Target.CC], lambda each: each.addresses, lenient=True),),
    Target.BCC: (_Kind(HEADERS[Target.BCC], lambda each: each.addresses, lenient=True),),
    Target.EMAIL: (_Kind(HEADERS[Target.EMAIL], lambda each: each.addresses, lenient=True),),
    Target.SEND_AT: (_Kind(HEADERS[Target.SEND_AT], lambda each: each.filled),),
    Target.TITLE: (
        _Kind(HEADERS[Target.TITLE], lambda each: each.filled - each.titles - len(each.numbers)),
    ),
    Target.ATTACHMENT: (_Kind(HEADERS[Target.ATTACHMENT], lambda each: each.filled),),
}
"""The kinds of columns that become a target; targets are assigned in this order."""
_FIRST: Final = _Kind(HEADERS[Target.FIRST_NAME], lambda each: each.named)
_LAST: Final = _Kind(SURNAMES, lambda each: each.named)
_NAME: Final = _Kind(NAMES, lambda each: each.named)
_FULL: Final = _Kind(FULL_NAMES, lambda each: each.named)
_PEOPLE: Final = _Kind(PEOPLE, _people)


def _add_address(found: dict[Target, int], glances: Sequence[Glance]) -> None:
    """Find the column of addresses by its values, if none with a known heading has any."""
    known = found.get(Target.EMAIL)
    if known is not None and glances[known].addresses:
        return
    taken = set(found.values()) - {known}
    most = max((glance.addresses for glance in glances), default=0)
    for at, glance in enumerate(glances):
        is_full = 0 < most <= glance.addresses * 2
        if is_full and at not in taken and glance.addresses * 2 > glance.filled:
            found[Target.EMAIL] = at
            return


def _names_by_values(glances: Sequence[Glance], found: Mapping[Target, int]) -> dict[Target, int]:
    """Find the first column of different phrases, unless names stand beside the addresses."""
    samples = glances[found[Target.EMAIL]].samples
    if any(contact.name for text in samples for contact in contacts_in(text)):
        return {}
    like = [
        at
        for at, each in enumerate(glances)
        if at not in found.values() and min(len(each.names), each.phrases) * 2 > each.filled
    ]
    return {Target.NAME: like[0]} if like else {}


def _names(columns: Sequence[_Column], taken: Collection[int]) -> dict[Target, int]:
    """Find the column of the name, and that of the first name if the sheet has both.

    A *nombre* beside *apellidos* is the first name, a *nom* beside *prénom* the last one. A first
    name alone is the name.
    """

    def is_phrase(fit: _Fit) -> bool:
        return columns[fit.at].glance.phrases * 2 > fit.matches

    def is_last_name(name: _Fit, first: _Fit) -> bool:
        return not is_phrase(name) and name.matches * 2 >= first.matches

    first, last, name, full, people = (
        _best((kind,), columns, taken) for kind in (_FIRST, _LAST, _NAME, _FULL, _PEOPLE)
    )
    whole = _fuller(name, full)
    given = first or name
    if last and given and given.at != last.at:
        whole = whole if given is first else full
        if not whole or min(last.matches, given.matches) * 2 >= whole.matches:
            return {Target.NAME: last.at, Target.FIRST_NAME: given.at}
    if first and name and not last and whole is name and is_last_name(name, first):
        return {Target.NAME: name.at, Target.FIRST_NAME: first.at}
    parts = _fuller(first, last)
    if people and (not people.matches or (parts and not is_phrase(people))):
        people = None
    whole = _fuller(whole, people)
    best = parts if parts and (not whole or whole.matches * 2 < parts.matches) else whole
    return {Target.NAME: best.at} if best else {}


def _fuller(one: _Fit | None, other: _Fit | None) -> _Fit | None:
    """Return the first column, unless the other is surer, or has more than twice as many values."""
    if one is None or other is None:
        return one or other
    if other.is_sure and not one.is_sure:
        one, other = other, one
    return one if one.matches * 2 >= other.matches else other


def _with_fields(
    targets: list[str | None], headers: Sequence[str], glances: Sequence[Glance], left_out: set[int]
) -> list[str | None]:
    """Make fields of the other columns with values, named by their headers.

    In a template, standard fields take precedence, so a field *Title* becomes *Title 2*; only the
    parts of a whole name are read from fields too. A heading that is a field's name goes before one
    that is only shortened to it: *Fee* before *Fee (€)*. Columns that a report has added are left
    out: with them, no row would be the *same* as before.
    """
    taken = {field_key(name) for name in STANDARD} - {"salutation"}
    if Target.FIRST_NAME not in targets:
        taken -= {field_key("first_name"), field_key("last_name")}
    exact_first = sorted(enumerate(headers), key=lambda each: field_name(each[1]) != each[1])
    for at, header in exact_first:
        if targets[at] is None and glances[at].filled and at not in left_out:
            name = free_field_name(header, taken)
            taken.add(field_key(name))
            targets[at] = f"{FIELD}{name}"
    return targets


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
        if width > COLUMNS_LIMIT:
            raise SheetError(SheetFault.TOO_WIDE, columns=COLUMNS_LIMIT)
        if row <= header.row or not filled:
            continue
        if row in marks.hidden_rows:
            hidden.append(row)
            if choice.visible_only:
                continue
        count += 1
        prepared += is_prepared(cells)
        glances += [Glance() for _ in range(filled - len(glances))]
        for at, (glance, cell) in enumerate(zip(glances, cells, strict=False)):
            glance.note_addresses(cell)
            if glance.wants(cell):
                glance.see(cell, wording, shown(at))
            elif isinstance(cell, str) and cell in glance.kinds.words:  # quicker, and mostly so
                glance.kinds.words[cell] += 1
            elif glance.kinds.has_words and not is_blank(cell):
                glance.kinds.note_word(trimmed(shown(at) or wording.exact(cell)))
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
                glance.further,
                glance.kinds.kind,
                glance.kinds.told_words,
            )
            for name, glance, target, text in zip(headers, glances, targets, texts, strict=True)
        ),
        rows=count - (prepared if RECIPIENT & {*targets} else 0),
        notes={note: counted[note] for note in Note if counted.get(note)},
        hidden_rows=tuple(hidden[:MOST_HIDDEN]),
        stamp=source.stamp,
        writing=writing,
        each_address=choice.each_address,
        visible_only=choice.visible_only,
    )
