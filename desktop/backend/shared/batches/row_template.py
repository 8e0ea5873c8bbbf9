"""The template of a draft's rows: found once, and tried on each row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Self, cast

from desktop.contract.batch_rows import CheckData
from desktop.contract.batches import RowProblem
from desktop.contract.rules.mailbox import Mailbox
from desktop.contract.rules.text import is_cell_error, line_problem
from desktop.mail.errors import BadTemplate
from desktop.mail.mailer import values_of
from desktop.mail.message import SUBJECT_LIMIT
from desktop.mail.templates.folder import UnknownTemplate
from desktop.mail.templates.template import TemplateFault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from desktop.contract.items import NewItem
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

    ``size`` is the size of the template's attachments in bytes.
    """

    template: Template | None
    size: int = 0
    fault: RowFault | None = None

    @classmethod
    def find(cls, templates: Templates, name: str) -> Self:
        """Find a template and its files."""
        try:
            template = templates.get(name)
            files = templates.attachments(name)
        except UnknownTemplate:
            fault = RowFault(RowProblem.UNKNOWN_TEMPLATE, "template", {"template": name})
            return cls(None, fault=fault)
        except BadTemplate as error:
            return cls(None, fault=_broken(str(error)))
        missing = next((each.file for each in files if each.size is None), None)
        if missing is not None:
            text = f"The attachment “{missing}” of the template “{name}” is missing."
            return cls(None, fault=_broken(text))
        return cls(template, sum(each.size or 0 for each in files))

    def fault_of(self, body: Mapping[str, Any], number: int, default: str) -> RowFault | None:
        """Try to make the message of an item; returns the fault, or ``None`` if it works.

        ``default`` is the address used for an item without a recipient.
        """
        if self.template is None:
            return None
        to = body.get("recipient") or {"email": default}
        mailbox = Mailbox(to.get("name", ""), to["email"])
        try:
            made = self.template.render(values_of(cast("NewItem", body), number, mailbox))
        except TemplateFault as error:
            if error.missing is None:
                return _broken(str(error))
            path = f"fields.{error.missing}"
            return RowFault(RowProblem.MISSING_FIELD, path, {"field": error.missing})
        problem = line_problem(made.subject, SUBJECT_LIMIT)
        if problem is not None:
            return _broken(f"Its subject: {problem}")
        if any(map(is_cell_error, mailbox.name.split())):
            return RowFault(RowProblem.CELL_ERROR, "recipient.name", {"text": mailbox.name})
        for path, text, without in _cell_errors(body):
            try:
                is_used = self.template.render(values_of(without, number, mailbox)) != made
            except TemplateFault:
                is_used = True
            if is_used:
                return RowFault(RowProblem.CELL_ERROR, path, {"text": text})
        return None


def _broken(text: str) -> RowFault:
    return RowFault(RowProblem.BROKEN_TEMPLATE, "template", {"text": text})


def _cell_errors(body: Mapping[str, Any]) -> Iterator[tuple[str, str, NewItem]]:
    """Yield each value that is an error of its cell: its path, its text, and the item without."""
    fields = body.get("fields") or {}
    if is_cell_error(title := body.get("title") or ""):
        yield "title", title, cast("NewItem", {**body, "title": ""})
    for name, text in fields.items():
        if isinstance(text, str) and is_cell_error(text):
            yield f"fields.{name}", text, cast("NewItem", {**body, "fields": {**fields, name: ""}})
