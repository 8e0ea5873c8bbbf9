"""Checks whether a row of a spreadsheet can be sent: its values, address, template and files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from desktop.backend.shared.batches.row_template import RowFault, RowTemplate
from desktop.backend.wire.batches import ROW_ITEM
from desktop.backend.wire.problems import invalid
from desktop.backend.wire.validation import field_errors
from desktop.contract.batch_rows import CheckData
from desktop.contract.batches import BY_NUMBER, RowProblem
from desktop.contract.items import CONFIRMATION
from desktop.contract.rules.addresses import AddressFault, AddressProblem, check_address
from desktop.contract.rules.file_names import FileNames
from desktop.contract.rules.mailbox import Mailbox
from desktop.contract.rules.templates import ATTACHMENTS_LIMIT, DEFAULT, headings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from desktop.contract.batch_rows import UnreadRow
    from desktop.contract.batches import Batch
    from desktop.mail.templates.store import Templates

_ADDRESS: Final = "recipient.email"
_CELLS: Final = frozenset({"item_id", "run_at"})
"""Fields of an item that are not texts, but come from the text of a cell."""
_STRUCTURE: Final = frozenset({"extra_forbidden", "missing", "json_invalid"})
"""Kinds of pydantic errors that only a wrong request can cause; wrong types are too."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The values that a draft sets for all of its rows, and its files.

    ``attachments`` are the added files with their sizes in bytes; ``headings`` are the
    spreadsheet's headings of fields with another name.
    """

    batch_id: int
    key: Sequence[str]
    template: str | None = None
    tasks: Sequence[str] | None = None
    attachments: Mapping[str, int] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, batch: Batch, attachments: Mapping[str, int]) -> Draft:
        """Make the draft of a batch."""
        number, key, template = batch["batch_id"], batch["key"], batch["template"]
        headings = headings_of(batch["columns"])
        return cls(number, key, template, batch["tasks"], attachments, headings)

    def body(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """Return the body of a row's item: the row's own values, else those of the draft."""
        body = {name: value for name, value in item.items() if name != "item_id"}
        if self.template is not None:
            body.setdefault("template", self.template)
        if self.tasks is not None:
            body.setdefault("tasks", [*self.tasks])
        if self.headings:
            body.setdefault("headings", self.headings)
        if "attachments" in body:
            body["batch_id"] = self.batch_id
        return body


class RowChecker:
    """Checks the rows of one draft against the current templates, tasks and settings.

    ``default_recipient`` is the recipient of an item without one; ``None`` with real sending.
    ``why_no_task`` says why there is no task of that name; ``None`` if there is one.
    """

    def __init__(
        self,
        draft: Draft,
        templates: Templates,
        why_no_task: Callable[[str], str | None],
        default_recipient: str | None,
    ) -> None:
        self.draft = draft
        self._templates = templates
        self._why_no_task = why_no_task
        self._default_recipient = default_recipient
        self._by_name: dict[str, RowTemplate] = {}
        self._files = FileNames(draft.attachments)

    def with_files(self, item: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a row's item with the names of its attachments as the added files have them."""
        named = item.get("attachments")
        if not isinstance(named, list) or not all(isinstance(each, str) for each in named):
            return item  # the check refuses it
        return {**item, "attachments": [f for e in named for f in self._files.named(e)]}

    def fault(self, item: Mapping[str, Any], at: str = "") -> RowFault | None:
        """Return the first fault of a row's item, in the order in which a person fixes them.

        ``at`` is the path of the item in the request. Raises ``ProblemError`` 422 for an error
        that no cell can cause: an unknown key, a number in place of a text.
        """
        body = self.draft.body(item)
        refused = self._bad_value(item, body, at)
        return (
            self._missing_key(item)
            or refused
            or self._bad_task(body)
            or self._bad_file(body)
            or self._bad_message(item, body)
        )

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
            ROW_ITEM.validate_python({**body, **_number(item)})
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
            template = self._by_name[name] = RowTemplate.find(self._templates, name)
        if template.fault is not None:
            return template.fault
        if CONFIRMATION not in body.get("tasks", (CONFIRMATION,)):
            return None
        size = template.size + sum(self.draft.attachments[f] for f in body.get("attachments", ()))
        if size > ATTACHMENTS_LIMIT:
            return RowFault(RowProblem.BAD_VALUE, "attachments", {"text": _TOO_MUCH})
        return template.fault_of(body, item.get("item_id") or 1, self._default_recipient or "")


_MIB: Final = 1024 * 1024
_TOO_MUCH: Final = (
    f"The attachments are more than the {ATTACHMENTS_LIMIT // _MIB} MiB a message can carry."
)


def with_text(item: Mapping[str, Any], problem: UnreadRow) -> dict[str, Any]:
    """Put a text that is neither a number nor a time into its field, where the check refuses it."""
    is_refused = problem["problem"] != RowProblem.UNREADABLE and problem["path"] in _CELLS
    return {**item, problem["path"]: problem["text"]} if is_refused else dict(item)


def unread(problem: UnreadRow) -> RowFault:
    """Make the fault of a problem that the spreadsheet reader found."""
    return RowFault(RowProblem(problem["problem"]), problem["path"], {"text": problem["text"]})


def _number(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"item_id": item["item_id"]} if "item_id" in item else {}


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
    return kind in _STRUCTURE or kind.endswith("_type")


def _bad_address(text: str) -> RowFault:
    found = check_address(text)
    if not isinstance(found, AddressProblem):
        found = AddressProblem(AddressFault.MISSING)
    data = CheckData(fault=found.fault, position=found.position, detail=found.detail)
    return RowFault(RowProblem.BAD_ADDRESS, _ADDRESS, data)
