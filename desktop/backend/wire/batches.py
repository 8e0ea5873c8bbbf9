"""What ``/batches`` takes, and rows with the sentence about their check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, NotRequired, Required

from pydantic import AfterValidator, Field, GetJsonSchemaHandler, TypeAdapter, with_config
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from desktop.backend.wire.items import (
    TASKS_PER_ITEM,
    FileName,
    Kinds,
    NumberedItem,
    TemplateName,
    Words,
    one_item,
)
from desktop.contract.batches import (
    BY_ADDRESS,
    BY_NAME,
    BY_NUMBER,
    COLUMNS_LIMIT,
    ROWS_LIMIT,
    RowProblem,
    Skip,
    Target,
    is_target,
)
from desktop.contract.row_words import check_words
from desktop.contract.rules.templates import FIELD
from sendoff_tasks.http.wire.bodies import STRICT, Grace, Id, MomentText, TaskName, refuse, wrong
from sendoff_tasks.model.text import NAME_LIMIT
from sendoff_tasks.model.times import Rate, local_stamp, wire_time
from sendoff_tasks.words.table import ENGLISH, WordTable
from sendoff_tasks.words.typed import line_problem, rate_problem, text_problem

if TYPE_CHECKING:
    from desktop.contract.batches import BatchRow

HEADER_LIMIT: Final = 1000
"""Characters of a column's header."""
TEXT_LIMIT: Final = 32_767
"""Characters of the longest possible cell."""


def _name(text: str) -> str:
    problem = line_problem(text, NAME_LIMIT)
    if problem is None and not text.strip():
        problem = ENGLISH.say("template_name", "missing")
    if problem:
        raise ValueError(problem)
    return text


def _key(key: list[str]) -> list[str]:
    if tuple(key) not in {BY_NUMBER, BY_ADDRESS, BY_NAME}:
        raise wrong(
            "one_of", choices='["number"], ["email", "title"] or ["email", "title", "name"]'
        )
    return key


def _rate(text: str) -> str:
    try:
        return str(Rate.parse(text))
    except ValueError as error:
        raise ValueError(rate_problem(error)) from error


def _columns(columns: dict[str, str | None]) -> dict[str, str | None]:
    for header, target in columns.items():
        if text_problem(header) or len(header) > HEADER_LIMIT:
            raise ValueError(ENGLISH.say("request", "header"))
        if target is not None and not is_target(target):
            refuse(header, ENGLISH.say("request", "column", target=target[:100]))
    return columns


@with_config(STRICT)
class ReadingBody(TypedDict):
    """How the spreadsheet was read; see ``SheetReading``."""

    locale: Words
    short_date: Words
    long_date: Words
    point: Words
    group: Words
    names: Annotated[list[Annotated[list[Words], Field(max_length=12)]], Field(max_length=4)]
    plain: Annotated[
        list[Annotated[str, Field(max_length=HEADER_LIMIT)]], Field(max_length=COLUMNS_LIMIT)
    ]
    encoding: NotRequired[Words | None]
    each_address: NotRequired[bool]
    visible_only: NotRequired[bool]
    sheet: NotRequired[Annotated[str, Field(max_length=HEADER_LIMIT)] | None]
    rows: NotRequired[Annotated[int, Field(ge=0)]]
    kinds: NotRequired[Kinds]


@with_config(STRICT)
class BatchSettings(TypedDict, total=False):
    """The settings of a draft; ``name`` is required.

    ``key`` is ``["number"]``, ``["email", "title"]`` or ``["email", "title", "name"]``; without it,
    ``["number"]`` if a column is mapped to the number, else ``["email", "title"]``. ``rate`` is
    written as ``500/day``. ``columns`` maps a column's header to ``number``, ``name``,
    ``first_name``, ``email``, ``cc``, ``bcc``, ``title``, ``note``, ``send_at``, ``attachment``,
    ``fields.<name>``, or null for a column that is left out. ``reading`` is kept for the
    next reading of the spreadsheet.
    """

    name: Required[Annotated[str, AfterValidator(_name)]]
    key: Annotated[list[str], AfterValidator(_key)] | None
    template: TemplateName | None
    tasks: Annotated[list[TaskName], Field(min_length=1, max_length=TASKS_PER_ITEM)] | None
    rate: Annotated[str, AfterValidator(_rate)] | None
    run_at: MomentText | None
    columns: Annotated[
        dict[str, str | None], Field(max_length=COLUMNS_LIMIT), AfterValidator(_columns)
    ]
    reading: ReadingBody | None


@with_config(STRICT)
class BatchBody(BatchSettings, total=False):
    """A new batch.

    ``continues`` names a batch, or a draft, whose spreadsheet or left-out rows are imported again:
    the corrections of its rows apply in the new one too.
    """

    continues: Id | None


class BatchNumber(TypedDict):
    """The number of a created batch."""

    batch_id: int


@with_config(STRICT)
class RowItem(NumberedItem, total=False):
    """The item of a row; its ``attachments`` are files of its own batch.

    With ``skip`` the row is left out: a person skips it, or it has the totals of the others.
    """

    skip: Literal[Skip.PERSON, Skip.TOTAL]


class _DescribedAsItem:
    """Describes any object as an item: the check of its row finds what is wrong with it."""

    @staticmethod
    def __get_pydantic_json_schema__(
        _: CoreSchema, describe: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return describe(TypeAdapter(RowItem | dict[str, Any]).core_schema)


AnyItem = Annotated[dict[str, Any], _DescribedAsItem]


@with_config(STRICT)
class UnreadRowBody(TypedDict):
    """A problem of a spreadsheet row that the reader found: the refused ``text`` and its field."""

    problem: Literal[RowProblem.BAD_NUMBER, RowProblem.BAD_TIME, RowProblem.UNREADABLE]
    path: Annotated[str, Field(max_length=HEADER_LIMIT)]
    text: Annotated[str, Field(max_length=TEXT_LIMIT)]


@with_config(STRICT)
class OptOutBody(TypedDict):
    """A cell that says that the person of its row wants no e-mail: its column, and its text."""

    column: Annotated[str, Field(max_length=HEADER_LIMIT)]
    text: Annotated[str, Field(max_length=TEXT_LIMIT)]


def _plain(values: dict[str, str]) -> dict[str, str]:
    for path in values:
        if path != Target.TITLE and not path.startswith(FIELD):
            refuse(path, ENGLISH.say("request", "shown"))
    return values


@with_config(STRICT)
class RowBody(TypedDict, total=False):
    """One row: its number in the spreadsheet, its item, and the reader's problem, if any.

    ``plain`` has the title and the fields that the spreadsheet shows in another way, by their paths
    in the item. ``opted_out`` is a cell of a column that is left out, in which the person refuses
    e-mail; among the fields, such cells are found.
    """

    row: Required[Id]
    item: Required[AnyItem]
    problem: UnreadRowBody
    plain: Annotated[
        dict[
            Annotated[str, Field(max_length=HEADER_LIMIT)],
            Annotated[str, Field(max_length=TEXT_LIMIT)],
        ],
        AfterValidator(_plain),
    ]
    opted_out: OptOutBody


@with_config(STRICT)
class RowsBody(TypedDict):
    """Rows of a draft; an existing row is replaced."""

    rows: Annotated[list[RowBody], Field(max_length=ROWS_LIMIT)]


@with_config(STRICT)
class RowCorrection(TypedDict):
    """A correction of a row.

    ``typed`` names the paths of values that a person typed. Such a value is sent even if it equals
    the spreadsheet's value and the row's item was corrected since.
    """

    item: AnyItem
    typed: NotRequired[list[str]]


@with_config(STRICT)
class FilesOfBatch(TypedDict):
    """The files of another batch; all of them, unless ``files`` names some."""

    batch_id: Id
    files: NotRequired[list[FileName]]


@with_config(STRICT)
class StartBatch(TypedDict, total=False):
    """The options of a start.

    Rows that were sent before are left out, and counted in ``left_out``: unless ``changed``, those
    with other content now, and unless ``send_same``, the others. So are, unless ``send_anyway``,
    rows to addresses on the list *Do not send*. With ``send_opted_out`` false, so are the rows
    that the draft has as ``opted_out``.
    """

    changed: bool
    send_same: bool
    send_anyway: bool
    send_opted_out: bool


@with_config(STRICT)
class BatchLimit(TypedDict):
    """The new limit of a started batch, as ``500/day``; null for none."""

    rate: Annotated[str, AfterValidator(_rate)] | None


@with_config(STRICT)
class BatchTime(TypedDict):
    """The new time of a planned batch; null for now."""

    run_at: MomentText | None


@with_config(STRICT)
class ActOnBatch(TypedDict, total=False):
    """The options of a cancel or a retry; it waits ``delay`` seconds, and can be undone."""

    delay: Grace


ROW_ITEM: Final = TypeAdapter(Annotated[RowItem, AfterValidator(one_item)])
NEW_BATCH: Final = TypeAdapter(BatchBody)
BATCH_SETTINGS: Final = TypeAdapter(BatchSettings)
ROWS: Final = TypeAdapter(RowsBody)
FILES_OF_BATCH: Final = TypeAdapter(FilesOfBatch)
ROW_CORRECTION: Final = TypeAdapter(RowCorrection)
START_BATCH: Final = TypeAdapter(StartBatch)
ACT_ON_BATCH: Final = TypeAdapter(ActOnBatch)
BATCH_LIMIT: Final = TypeAdapter(BatchLimit)
BATCH_TIME: Final = TypeAdapter(BatchTime)


class _DatedWords(WordTable):
    """English for what is kept, as in a report: each moment has its date."""

    def moment(self, at: float, now: float) -> str:
        return local_stamp(wire_time(round(at * 1000)))[:-3]


_DATED: Final = _DatedWords()


def with_message(row: BatchRow) -> BatchRow:
    """Add the sentence to a row; it may be saved and read on any day."""
    return {**row, "message": check_words(row, words=_DATED)}
