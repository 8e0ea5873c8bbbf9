"""The rows of drafts: checked when they arrive, and again after templates or settings change."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self, cast

from pydantic import ValidationError

from desktop.backend.batches import NO_PLAIN, OF_ROW, Draft, draft_of
from desktop.backend.submitting import unread_values
from desktop.backend.wire.batches import ROW_ITEM
from desktop.contract.batches import (
    BY_NUMBER,
    SKIP,
    CheckData,
    Doubt,
    OptOut,
    RowProblem,
    Target,
)
from desktop.contract.items import CONFIRMATION, FieldReading, ValueKind
from desktop.contract.rules import addresses
from desktop.contract.rules.cells import is_cell_error, looks_wrong
from desktop.contract.rules.corrections import value_at, with_corrections, with_values
from desktop.contract.rules.file_names import FileNames
from desktop.contract.rules.mailbox import Mailbox, listed, looks_mistyped
from desktop.contract.rules.opt_outs import opts_out
from desktop.contract.rules.templates import DEFAULT, FIELD, FilesLimit
from desktop.contract.rules.values import ISO, kind_in, value_problem, way_of
from desktop.items.batches.rows import CheckedRow
from desktop.mail.errors import BadTemplate
from desktop.mail.mailer import values_of
from desktop.mail.message import SUBJECT_LIMIT
from desktop.mail.templates.store import UnknownTemplate
from desktop.mail.templates.template import TemplateFault
from sendoff_tasks.http.wire.problems import ProblemError, field_errors, invalid
from sendoff_tasks.model.text import trimmed
from sendoff_tasks.words.typed import line_problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from desktop.backend.services import Services
    from desktop.backend.wire.batches import RowBody, RowCorrection
    from desktop.contract.batches import Batch, UnreadRow
    from desktop.contract.items import NewItem
    from desktop.contract.rules.corrections import Correction
    from desktop.mail.templates.office import Office
    from desktop.mail.templates.store import Templates
    from desktop.mail.templates.template import Template


class RowFault(NamedTuple):
    """Why a row cannot be sent, the path of the field in its item, and the fault's data."""

    problem: RowProblem
    path: str
    data: CheckData


@dataclass(frozen=True, slots=True)
class RowTemplate:
    """A template of rows, or the ``fault`` that makes it unusable.

    ``size`` is the size of the template's attachments in bytes; they are written as in ``office``.
    """

    template: Template | None
    size: int = 0
    fault: RowFault | None = None
    office: Office | None = None

    @classmethod
    def find(cls, templates: Templates, name: str) -> Self:
        """Find a template and its files."""
        try:
            template, files = templates.get(name), templates.attachments(name)
        except UnknownTemplate:
            fault = RowFault(RowProblem.UNKNOWN_TEMPLATE, "template", {"template": name})
            return cls(None, fault=fault)
        except BadTemplate as error:
            return cls(None, fault=_broken(str(error)))
        missing = next((each.file for each in files if not each.size), None)
        if missing is not None:
            data: CheckData = {"file": missing, "template": name}
            return cls(None, fault=RowFault(RowProblem.BROKEN_TEMPLATE, "template", data))
        size = sum(each.size or 0 for each in files)
        return cls(template, size, office=templates.office)

    def fault_of(self, body: Mapping[str, Any], number: int, default: str) -> RowFault | None:
        """Try to make the message of an item; returns the fault, or ``None`` if it works.

        ``default`` is the address used for an item without a recipient.
        """
        if self.template is None:
            return None
        to = body.get("recipient") or {"email": default}
        mailbox = Mailbox(to.get("name", ""), to["email"])
        try:
            values = values_of(cast("NewItem", body), number, mailbox, self.office)
            made = self.template.try_out(values)
        except TemplateFault as error:
            if error.unread:
                return _unread_value(error, body)
            if error.missing is None:
                return _broken(str(error))
            path = f"fields.{error.missing}"
            return RowFault(RowProblem.MISSING_FIELD, path, {"field": error.missing})
        problem = line_problem(made.subject, SUBJECT_LIMIT)
        if problem is not None:
            data: CheckData = {"field": "subject", "text": problem}
            return RowFault(RowProblem.BROKEN_TEMPLATE, "template", data)
        if any(map(is_cell_error, mailbox.name.split())):
            return RowFault(RowProblem.CELL_ERROR, "recipient.name", {"text": mailbox.name})
        for path, text, without in _cell_errors(body):
            try:
                values = values_of(without, number, mailbox, self.office)
                is_used = self.template.try_out(values) != made
            except TemplateFault:
                is_used = True
            if is_used:
                return RowFault(RowProblem.CELL_ERROR, path, {"text": text})
        return None


def _broken(text: str) -> RowFault:
    return RowFault(RowProblem.BROKEN_TEMPLATE, "template", {"text": text})


def _unread_value(error: TemplateFault, body: Mapping[str, Any]) -> RowFault:
    """Make the fault of a field that does not have the value that its template needs."""
    path, text = f"{FIELD}{error.unread}", str((body.get("fields") or {}).get(error.unread))
    if not text.strip():
        return RowFault(RowProblem.MISSING_FIELD, path, {"field": error.unread})
    if is_cell_error(text):
        return RowFault(RowProblem.CELL_ERROR, path, {"text": text})
    return RowFault(RowProblem.BAD_VALUE, path, {"text": str(error)})


def _cell_errors(body: Mapping[str, Any]) -> Iterator[tuple[str, str, NewItem]]:
    """Yield each value that is an error of its cell: its path, its text, and the item without."""
    fields = body.get("fields") or {}
    if is_cell_error(title := body.get("title") or ""):
        yield "title", title, cast("NewItem", {**body, "title": ""})
    for name, text in fields.items():
        if isinstance(text, str) and is_cell_error(text):
            yield f"fields.{name}", text, cast("NewItem", {**body, "fields": {**fields, name: ""}})


_ADDRESS: Final = "recipient.email"
_NAME: Final = "recipient.name"
_NO_ONE: Final = "None"
"""What a program writes for no value; as a field, it may be an answer."""
_SHORT: Final = 40
"""Characters of a value that looks wrong."""
_COPIES: Final = frozenset({"cc", "bcc"})
_CELLS: Final = frozenset({"item_id", "run_at"})
"""Fields of an item that are not texts, but come from the text of a cell."""
_STRUCTURE: Final = frozenset({"extra_forbidden", "missing", "json_invalid"})
"""Kinds of pydantic errors that only a wrong request can cause; wrong types are too."""


class RowChecker:
    """Checks the rows of one draft against the current templates, tasks and settings.

    ``default_recipient`` is the recipient of an item without one; ``None`` with real sending.
    ``why_no_task`` says why there is no task of that name; ``None`` if there is one.
    ``files_limit`` is what an e-mail can carry; ``wrong_sender`` says why a template's own sender
    cannot be used.
    """

    def __init__(
        self,
        draft: Draft,
        templates: Templates,
        why_no_task: Callable[[str], str | None],
        default_recipient: str | None,
        files_limit: FilesLimit = FilesLimit(),  # noqa: B008
        wrong_sender: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        self._files_limit = files_limit
        self._wrong_sender = wrong_sender
        self.draft = draft
        self._templates = templates
        self._why_no_task = why_no_task
        self._default_recipient = default_recipient
        self._by_name: dict[str, RowTemplate] = {}
        self._files = FileNames(draft.attachments)
        reading = draft.reading or FieldReading()
        self._way = way_of(reading, ISO)
        kinds = {name: kind_in(code)[0] for name, code in reading.get("kinds", {}).items()}
        self._kinds = {name: kind for name, kind in kinds.items() if kind is not ValueKind.TEXT}

    def with_files(self, item: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a row's item with its attachments as the added files are named, each once."""
        named = item.get("attachments")
        if not isinstance(named, list) or not all(isinstance(each, str) for each in named):
            return item  # the check refuses it
        files = dict.fromkeys(file for each in named for file in self._files.named(each))
        return {**item, "attachments": [*files]}

    def fault(
        self, item: Mapping[str, Any], at: str = "", plain: Mapping[str, str] = NO_PLAIN
    ) -> RowFault | None:
        """Return the first fault of a row's item, in the order in which a person fixes them.

        A row that is skipped has none. ``at`` is the path of the item in the request, ``plain`` has
        its plain values. Raises
        ``ProblemError`` 422 for an error that no cell can cause: an unknown key, a number in place
        of a text.
        """
        body = self.draft.body(item, plain)
        refused = self._bad_value(item, body, at)
        if item.get(SKIP):
            return None
        return (
            self._missing_key(item)
            or refused
            or self._bad_task(body)
            or self._bad_file(body)
            or self._bad_message(item, body)
        )

    def doubts(self, item: Mapping[str, Any], plain: Mapping[str, str]) -> Iterator[Doubt]:
        """Yield the values of an item that can be sent but look wrong.

        Another program has garbled them, or they are not what their column is: *free* among amounts
        or 31.02. among dates; or an address has the domain of a provider with a slip. ``plain`` has
        those that the spreadsheet knows as what they are.
        """
        recipient: Mapping[str, Any] = item.get("recipient") or {}
        if looks_mistyped(address := str(recipient.get("email") or "")):
            yield Doubt(path=_ADDRESS, text=_short(address), kind="")
        fields: Mapping[str, Any] = item.get("fields") or {}
        values = [(f"{FIELD}{name}", text, self._kinds.get(name)) for name, text in fields.items()]
        values += [("title", item.get("title"), None), (_NAME, recipient.get("name"), None)]
        for path, text, kind in values:
            if not isinstance(text, str):
                continue
            is_other = kind and path not in plain and value_problem(text, kind, self._way)
            if is_other and kind and not is_cell_error(text):
                yield Doubt(path=path, text=_short(text), kind=kind)
            elif garbled := _garbled(path, trimmed(text)):
                yield Doubt(path=path, text=_short(garbled), kind="")

    def to(self, item: Mapping[str, Any]) -> str | None:
        """Return the recipient, as the rows of tasks show it."""
        recipient = item.get("recipient")
        if not isinstance(recipient, dict) or not recipient.get("email"):
            return self._default_recipient
        return str(Mailbox(recipient.get("name") or "", recipient["email"]))

    def _missing_key(self, item: Mapping[str, Any]) -> RowFault | None:
        """Check that the row has its key: a number, or an address; the title may be empty."""
        if tuple(self.draft.key) == BY_NUMBER:
            if item.get("item_id") is None:
                return RowFault(RowProblem.NO_KEY, "item_id", {"field": "number"})
            return None
        recipient = item.get("recipient")
        is_empty = recipient is None or (isinstance(recipient, dict) and not recipient.get("email"))
        return RowFault(RowProblem.NO_KEY, _ADDRESS, {"field": "email"}) if is_empty else None

    def _bad_value(
        self, item: Mapping[str, Any], body: Mapping[str, Any], at: str
    ) -> RowFault | None:
        try:
            ROW_ITEM.validate_python({**body, **_of_row(item)})
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False)
            return _refused(item, found, at)
        if "recipient" in item or CONFIRMATION not in body.get("tasks", (CONFIRMATION,)):
            return None
        return None if self._default_recipient else _bad_address("")

    def _bad_task(self, body: Mapping[str, Any]) -> RowFault | None:
        for position, name in enumerate(body.get("tasks", ())):
            why = self._why_no_task(name)
            if why is not None:
                return RowFault(RowProblem.BAD_VALUE, f"tasks.{position}", {"text": why})
        return None

    def _bad_file(self, body: Mapping[str, Any]) -> RowFault | None:
        known = self.draft.attachments
        for position, file in enumerate(body.get("attachments", ())):
            if file not in known:
                path = f"attachments.{position}"
                return RowFault(RowProblem.MISSING_ATTACHMENT, path, {"file": file})
        return None

    def _bad_message(self, item: Mapping[str, Any], body: Mapping[str, Any]) -> RowFault | None:
        """Try to make the message; a row of other tasks only needs an existing template."""
        name = body.get("template") or DEFAULT
        template = self._by_name.get(name)
        if template is None:
            template = RowTemplate.find(self._templates, name)
            if template.fault is None and (wrong := self._wrong_sender(name)):
                template = RowTemplate(None, fault=_broken(wrong))
            self._by_name[name] = template
        if template.fault is not None:
            return template.fault
        if CONFIRMATION not in body.get("tasks", (CONFIRMATION,)):
            return None
        size = template.size + sum(self.draft.attachments[f] for f in body.get("attachments", ()))
        if size > self._files_limit.size:
            too_much = self._files_limit.too_much()
            return RowFault(RowProblem.BAD_VALUE, "attachments", {"text": too_much})
        return template.fault_of(body, item.get("item_id") or 1, self._default_recipient or "")


def with_text(item: Mapping[str, Any], problem: UnreadRow) -> dict[str, Any]:
    """Put a text that is neither a number nor a time into its field, where the check refuses it."""
    is_refused = problem["problem"] != RowProblem.UNREADABLE and problem["path"] in _CELLS
    return {**item, problem["path"]: problem["text"]} if is_refused else dict(item)


def unread(problem: UnreadRow) -> RowFault:
    """Make the fault of a problem that the spreadsheet reader found."""
    return RowFault(RowProblem(problem["problem"]), problem["path"], {"text": problem["text"]})


def _unread_in(stored: CheckedRow) -> UnreadRow | None:
    """Return why a stored row could not be read, which another check of its item would not find."""
    if stored.problem != RowProblem.UNREADABLE:
        return None
    text = stored.data.get("text", "")
    return {"problem": stored.problem, "path": stored.path or "", "text": text}


def _of_row(item: Mapping[str, Any]) -> dict[str, Any]:
    return {key: item[key] for key in OF_ROW if key in item}


def _refused(item: Mapping[str, Any], found: Sequence[Any], at: str) -> RowFault:
    """Make the fault of the first refused value; raises 422 for a wrong structure."""
    structural = [error for error in found if _is_structural(error, item)]
    if structural:
        errors = field_errors(structural)
        raise invalid([{**e, "path": f"{at}{e['path']}"} for e in errors])
    by_path = {error["path"]: error["message"] for error in field_errors(found)}
    if _ADDRESS in by_path:
        return _bad_address(item["recipient"].get("email", ""))
    path, message = next(iter(by_path.items()))
    if path == "item_id":
        return RowFault(RowProblem.BAD_NUMBER, path, {"text": str(item["item_id"])})
    wrong = filter(addresses.address_problem, listed(item[path]) if path in _COPIES else ())
    if (address := next(wrong, None)) is not None:
        return _bad_address(address, path)
    if path in {"run_at", "deadline"}:
        return RowFault(RowProblem.BAD_TIME, path, {"text": item[path]})
    return RowFault(RowProblem.BAD_VALUE, path, {"text": message})


def _is_structural(error: Mapping[str, Any], item: Mapping[str, Any]) -> bool:
    """Tell whether the request is wrong; a cell may be empty, or hold text for a number."""
    if error["loc"] == ("recipient", "email") and error["type"] == "missing":
        return False
    if error["loc"] == ("item_id",) and isinstance(item["item_id"], str):
        return False
    kind: str = error["type"]
    return kind in _STRUCTURE or kind.endswith("_type") or error["loc"] == (SKIP,)


def _garbled(path: str, text: str) -> str:
    """Return what of a text another program has probably garbled; of a name, also one part."""
    parts = (text, *text.split()) if path == _NAME else () if text == _NO_ONE else (text,)
    return next(filter(looks_wrong, parts), "")


def _short(text: str) -> str:
    return " ".join(text.split())[:_SHORT]


def _bad_address(text: str, path: str = _ADDRESS) -> RowFault:
    found = addresses.check_address(text)
    if not isinstance(found, addresses.AddressProblem):
        found = addresses.AddressProblem(addresses.AddressFault.MISSING)
    data = CheckData(fault=found.fault, position=found.position, detail=found.detail)
    return RowFault(RowProblem.BAD_ADDRESS, path, data)


SLICE: Final = 250
"""Rows that are checked in one transaction."""
BREATH_AFTER: Final = 20
"""Rows after which the thread pauses, so a request waits for a few milliseconds at most."""
BREATH: Final = 0.0001
"""Seconds."""


class DraftRows:
    """Checks rows against a draft and the templates, files and settings of this moment.

    ``revision`` is the draft's: rows that are stored with an older one are checked again.
    Raises ``UnknownId``; ``Conflict`` for a batch that was started.
    """

    def __init__(self, services: Services, batch_id: int) -> None:
        # Read first: a change after this line makes the revision an older one.
        self.revision = services.batches.revision(batch_id)
        batch = draft_of(batch_id, services)
        registry = services.registry

        def why_no_task(name: str) -> str | None:
            return None if registry.get(name) else registry.why_unknown(name)

        files = services.letters.batch_files.attachments(batch_id)
        draft = Draft.of(batch, {name: size for name, size in files.items() if size})
        default = services.settings.default_recipient()
        self.reading = draft.reading
        self._columns = batch["columns"]
        self._headings = {
            Target.NOTE if target == Target.NOTE else target.removeprefix(FIELD): header
            for header, target in batch["columns"].items()
            if target
        }
        letters = services.letters
        limit, wrong = letters.files_limit(), letters.wrong_sender
        self._check = RowChecker(draft, letters.templates, why_no_task, default, limit, wrong)

    def checked(self, sent: Sequence[RowBody], at: int = 0) -> list[CheckedRow]:
        """Check the rows of a request; ``at`` is the place of the first one in it.

        Raises ``ProblemError`` 422 for an error that no cell can cause.
        """
        return [
            self.with_opt_out(
                self.one(
                    row["row"],
                    row["item"],
                    row.get("plain", {}),
                    row.get("problem"),
                    f"rows.{at + place}.item.",
                ),
                row.get("opted_out"),
            )
            for place, row in enumerate(_breathing(sent))
        ]

    def one(
        self,
        row: int,
        item: Mapping[str, Any],
        plain: Mapping[str, str],
        problem: UnreadRow | None = None,
        at: str = "",
    ) -> CheckedRow:
        """Check one row; ``at`` is the path of its item in the request."""
        item = self._check.with_files(item)
        if problem is None:
            return self._row(row, item, plain, self._check.fault(item, at, plain))
        item = with_text(item, problem)
        if problem["problem"] == RowProblem.UNREADABLE:
            self._check.fault(item, at, plain)  # a wrong request is still refused
            return self._row(row, item, plain, unread(problem))
        return self._row(row, item, plain, self._check.fault(item, at, plain))

    def with_opt_out(self, row: CheckedRow, left_out: OptOut | None) -> CheckedRow:
        """Add the cell that says that the person wants no e-mail: a field, or a left-out column."""
        fields: Mapping[str, Any] = row.item.get("fields") or {}
        said = (
            OptOut(column=heading, text=text)
            for name, text in fields.items()
            if isinstance(text, str) and opts_out(heading := self._headings.get(name, name), text)
        )
        is_read = left_out is None or self._columns.get(left_out["column"]) is not None
        return replace(row, opted_out=next(said, None if is_read else left_out))

    def corrected(self, row: CheckedRow, known: Sequence[Correction]) -> CheckedRow:
        """Check a row of the spreadsheet with the earlier corrections that fit it."""
        item = self._check.with_files(with_corrections(row.item, known))
        if item == row.item:
            return replace(row, corrections=known)
        plain = _still_plain(row.plain, item, row.item)
        checked = self._row(row.row, item, plain, self._check.fault(item, plain=plain))
        told = self.with_opt_out(checked, row.opted_out)
        return replace(told, corrections=known, plain=row.plain)

    def again(self, stored: Sequence[CheckedRow]) -> list[CheckedRow]:
        """Check stored rows again."""
        return [
            replace(
                self.with_opt_out(self._checked_again(row), row.opted_out),
                corrections=row.corrections,
            )
            for row in _breathing(stored)
        ]

    def _checked_again(self, stored: CheckedRow) -> CheckedRow:
        try:
            return self.one(stored.row, stored.item, stored.plain, _unread_in(stored))
        except ProblemError as error:  # an older version accepted it
            path = error.errors[0]["path"] if error.errors else ""
            fault = RowFault(RowProblem.BAD_VALUE, path, {"text": error.detail})
            return self._row(stored.row, stored.item, stored.plain, fault)

    def _row(
        self, row: int, item: Mapping[str, Any], plain: Mapping[str, str], fault: RowFault | None
    ) -> CheckedRow:
        checked = CheckedRow(row, item, self._check.to(item), plain=plain)
        if fault is None:
            return replace(checked, doubts=[*self._check.doubts(item, plain)])
        return replace(checked, problem=fault.problem, data=fault.data, path=fault.path)


def check_some(services: Services, batch_id: int, beyond: int) -> int | None:
    """Check up to ``SLICE`` unchecked rows of a draft after the row ``beyond``; takes its time.

    Returns the last row that was checked, or ``None`` if there are no more. Raises ``EngineError``
    if the draft is gone or was started, or if nothing can be written.
    """
    rows = DraftRows(services, batch_id)
    with services.drafting:  # a correction that arrives meanwhile is stored afterwards
        revision, stored = services.batches.unchecked(batch_id, SLICE, beyond)
        if not stored:
            return None
        if revision != rows.revision:
            return beyond
        again = rows.again(stored)
        services.batches.put_rows(batch_id, again, revision, is_change=False).result()
    return stored[-1].row


def put(
    services: Services, batch_id: int, sent: Sequence[RowBody], *, keep_corrections: bool = False
) -> Batch:
    """Check rows and store them in a draft, in place of earlier rows; takes its time.

    With ``keep_corrections``, they are rows of a spreadsheet: earlier corrections are applied, and
    a pending deletion stays, as a window may still be reading when its person deletes the draft.
    """
    rows = DraftRows(services, batch_id)
    checked = rows.checked(sent)
    batches = services.batches
    with services.drafting:  # a correction that arrives meanwhile is stored afterwards
        if keep_corrections:
            found = batches.corrections(batch_id, checked)
            known = found.corrections
            checked = [rows.corrected(e, known[e.row]) if e.row in known else e for e in checked]
            checked += rows.again(found.as_read)
        is_change = not keep_corrections
        return batches.put_rows(batch_id, checked, rows.revision, is_change=is_change).result()


def correct(services: Services, batch_id: int, row: int, correction: RowCorrection) -> None:
    """Store a row of a draft as a person corrected it; takes its time."""
    rows = DraftRows(services, batch_id)
    item, before = correction["item"], services.batches.row(batch_id, row)
    plain = _still_plain(before.get("plain", {}), item, before["item"])
    checked = rows.one(row, item, plain, at="item.")
    corrected = rows.with_opt_out(checked, before.get("opted_out"))
    wrong = unread_values(item, before["item"], rows.reading, "item.")
    if wrong:
        raise invalid(wrong)
    typed = correction.get("typed", ())
    with services.drafting:
        services.batches.correct_row(batch_id, corrected, rows.revision, typed).result()


def take_back(services: Services, batch_id: int, row: int, path: str) -> None:
    """Put the spreadsheet's value back into a row of a draft; takes its time.

    It is sent even if the row's item was corrected since.
    """
    draft_of(batch_id, services)
    found = services.batches.row(batch_id, row)
    before = {each["field"]: each["before"] for each in found["corrections"]}
    if path in before:
        item = with_values(found["item"], {path: before[path]})
        correct(services, batch_id, row, {"item": item, "typed": [path]})


def _still_plain(
    plain: Mapping[str, str], item: Mapping[str, Any], read: Mapping[str, Any]
) -> dict[str, str]:
    """Return those plain values of an item that was read whose values another one has, too."""
    return {
        path: value for path, value in plain.items() if value_at(item, path) == value_at(read, path)
    }


def _breathing(rows: Sequence[Any]) -> Iterator[Any]:
    """Iterate over rows, with a pause for other threads after every ``BREATH_AFTER``."""
    for place, row in enumerate(rows, 1):
        yield row
        if not place % BREATH_AFTER:
            time.sleep(BREATH)
