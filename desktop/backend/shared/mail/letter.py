"""One message: its item and its template in a request, and its content in an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

from desktop.backend.wire.problems import ProblemError, bad_field
from desktop.contract.rules.templates import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from desktop.backend.wire import mail as wire
    from desktop.contract.items import Item, NewItem
    from desktop.mail.attached import Attachment
    from desktop.mail.errors import BadTemplate
    from desktop.mail.message import Message
    from desktop.mail.templates.source import TemplateParts
    from desktop.mail.templates.store import Templates
    from desktop.mail.templates.template import Template
    from desktop.mail.transport import KeptMail


@dataclass(frozen=True, slots=True)
class Letter:
    """The item and the template of a message; ``template`` ``None`` means the item's own.

    ``at`` is the field of the request that names the template, ``edit`` the edit for which files
    were staged.
    """

    item: Item | NewItem
    number: int
    template: Template | None
    at: str = "template"
    edit: str | None = None


def parts_in(body: wire.TemplateBody, files: Iterable[Attachment] = ()) -> TemplateParts:
    """Return the template parts of a request, with the names of the attachments."""
    from desktop.mail.templates.source import TemplateParts

    return TemplateParts(
        subject=body["subject"],
        text=body["text"],
        html=body.get("html"),
        reply_to=body.get("reply_to", ""),
        copy_to=body.get("copy_to", ""),
        attachments=tuple(each.file for each in files),
    )


def template_in(body: wire.Shown, templates: Templates) -> Template | None:
    """Find or make the template of a request; ``None`` if it names none.

    Raises ``BadTemplate``.
    """
    from desktop.mail.templates.source import with_parts
    from desktop.mail.templates.template import Template

    name = body.get("template", "preview")
    if "source" in body:
        return Template(name, body["source"])
    if "parts" in body:
        parts, like = body["parts"], name if name in templates else DEFAULT
        there = templates.attachments(name) if name in templates else []
        files = templates.going_along(there, parts.get("attachments"), parts.get("edit"))
        return Template(name, with_parts(templates.source(like), parts_in(parts, files)))
    return templates.get(name) if "template" in body else None


def example_item(template: Template | None) -> NewItem:
    """Make an item for a preview when no item is registered."""
    fields = template.fields if template is not None else []
    return {
        "title": "Opera night",
        "recipient": {"name": "Ada Lovelace", "email": "ada@example.org"},
        "fields": {name: f"‹{name}›" for name in fields},
    }


def letter_problem(error: BadTemplate, letter: Letter | None, at: str = "template") -> ProblemError:
    """Make the 422 of an unusable template, at the wrong part if it is known.

    A syntax error has its line within that part, as an editor shows it.
    """
    from desktop.mail.templates.source import BadPart
    from desktop.mail.templates.template import TemplateFault

    at = letter.at if letter is not None else at
    if isinstance(error, BadPart) and at == "parts":
        at = f"parts.{error.part}"
    fault = error.fault if isinstance(error, TemplateFault) else None
    if fault is not None and at == "parts":
        where = "" if fault.block == "subject" else f"Line {fault.line}: "
        return bad_field(f"parts.{fault.block}", f"{where}{fault.words}")
    return bad_field(at, str(error))


def message_of(mail: KeptMail) -> dict[str, Any]:
    """Write a kept message as JSON."""
    return {
        "message_id": mail.message_id,
        "at": written(mail.at),
        "from": mail.sender,
        "to": mail.to,
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "source": mail.source,
        "files": files_of(mail.files),
    }


def rendered(message: Message) -> dict[str, Any]:
    """Write a message that was not sent as JSON."""
    return {
        "from": str(message.sender),
        "to": str(message.to),
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "source": message.source.decode(errors="replace"),
        "files": files_of(message.files),
    }


def files_of(files: Iterable[Attachment]) -> list[dict[str, Any]]:
    """List attachments with their sizes in bytes."""
    return [{"file": each.file, "size": each.size} for each in files]


def bare(message_id: str) -> str:
    """Return a Message-ID without its angle brackets, which is the name of its file."""
    return message_id.removeprefix("<").removesuffix(">")


def written(at: datetime) -> str:
    """Write a time as RFC 3339 in UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
