"""The operations of the template routes: templates with their files and versions, as JSON."""

from __future__ import annotations

from base64 import b64encode
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from desktop.backend.messages import letter_problem, letterhead_in, parts_in
from desktop.contract.rules.templates import FilesLimit, left_over
from desktop.mail.errors import BadName, BadTemplate
from desktop.mail.templates.source import TemplateParts, parts_of
from desktop.mail.templates.store import Templates, UnknownTemplate
from desktop.mail.templates.template import Template
from sendoff_tasks.http.wire.problems import ProblemError, bad_field
from sendoff_tasks.http.wire.requests import uploaded
from sendoff_tasks.model.times import utc_time
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from desktop.backend.wire.mail import LetterheadChange, TemplateChange


class TemplateOperations:
    """Reads and writes templates; raises ``ProblemError`` and ``BadTemplate``."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def listed(self) -> dict[str, Any]:
        """List the templates. An unreadable template has no subject and no fields."""
        names = self._templates.names()
        deleted = [
            {"name": name, "version": last.version, "at": utc_time(last.at)}
            for name, last in self._templates.deleted().items()
        ]
        details = [self._detail(name) for name in names]
        return {"templates": names, "details": details, "deleted": deleted}

    def one(self, name: str) -> dict[str, Any]:
        """Read a template with its files and versions, by its name."""
        self.check(name)
        source = self._templates.source(name)
        with suppress(BadTemplate):
            return self._whole(name, source, parts_of(source))
        return self._whole(name, source, None)

    def check(self, name: str) -> None:
        """Raise 404 if there is no template of this name."""
        if name not in self._templates:
            raise ProblemError(404, str(UnknownTemplate(name)))

    def write(self, name: str, body: TemplateChange) -> dict[str, Any]:
        """Write a template, if it compiles; the next message uses it."""
        copy_of = body.get("copy_of")
        if copy_of is not None and copy_of not in self._templates:
            raise bad_field("copy_of", str(UnknownTemplate(copy_of)))
        try:
            if "parts" not in body:
                self._templates.save(name, body["source"])
            else:
                parts = parts_in(body["parts"])
                attached = body["parts"].get("attachments")
                self._templates.save_parts(name, parts, copy_of, attached)
        except BadName as error:
            raise bad_field("name", str(error)) from error
        except BadTemplate as error:
            raise letter_problem(error, None, "parts" if "parts" in body else "source") from error
        return self.one(name)

    def delete(self, name: str, open_tasks: int, is_exact: bool) -> None:
        """Delete a template of the person's own; 409 while open tasks need it.

        There may be more ``open_tasks`` if the number is not exact.
        """
        self._check_own(name)
        if open_tasks and not self._templates.is_built_in(name):
            reason = "needed" if is_exact else "needed_by_many"
            raise ProblemError(409, ENGLISH.say("template", reason, n=open_tasks, name=name))
        self._templates.delete(name)

    def version(self, name: str, version: str) -> dict[str, Any]:
        """Read an earlier version."""
        found = {each.version: each.at for each in self._templates.versions.of(name)}
        if version not in found:
            why = ENGLISH.say("template", "no_version", name=name, version=version)
            raise ProblemError(404, why)
        source, parts = self._templates.versions.read(name, version), None
        with suppress(BadTemplate):
            parts = parts_of(source)
        return {
            "version": version,
            "at": utc_time(found[version]),
            "source": source,
            "parts": _sides(parts),
        }

    def letterhead(self) -> dict[str, Any]:
        """Read the letterhead."""
        head = self._templates.letterhead()
        logo = b64encode(head.logo).decode() if head.logo else None
        return {**asdict(head), "logo": logo}

    def write_letterhead(self, body: LetterheadChange) -> dict[str, Any]:
        """Write the letterhead; letters from now on are in it."""
        self._templates.save_letterhead(letterhead_in(body, self._templates))
        return self.letterhead()

    async def store(self, name: str, file: str, chunks: AsyncIterator[bytes]) -> dict[str, Any]:
        """Store an uploaded file, for a later write to attach; 413 if no message can have it."""
        place = await to_thread.run_sync(self._place, name, file)
        limit = FilesLimit()
        async with uploaded(chunks, place.parent, limit.size, limit.too_much()) as upload:
            await to_thread.run_sync(self._templates.store, name, place.name, upload.path)
        return {"file": place.name, "size": upload.size}

    def _check_own(self, name: str) -> None:
        """Refuse to delete a template that is not the person's own."""
        self.check(name)
        if not self._is_own(name):
            raise ProblemError(409, ENGLISH.say("template", "built_in", name=name))

    def _is_own(self, name: str) -> bool:
        """Tell whether the person can delete it, even if its file is lost."""
        return self._templates.is_own(name) or self._templates.is_lost(name)

    def _place(self, name: str, file: str) -> Path:
        self.check(name)
        return self._templates.place_for(name, file)

    def _detail(self, name: str) -> dict[str, Any]:
        subject, fields, standard, left = "", [], [], []
        with suppress(BadTemplate):
            template = self._templates.get(name)
            subject, fields = template.parts.subject, template.fields
            standard = template.standard_fields
            left = left_over("\n".join([subject, template.parts.text, template.parts.html or ""]))
        return {
            "name": name,
            "own": self._is_own(name),
            "built_in": self._templates.is_built_in(name),
            "subject": subject,
            "fields": fields,
            "standard": standard,
            "left_over": left,
        }

    def _whole(self, name: str, source: str, parts: TemplateParts | None) -> dict[str, Any]:
        fields: list[str] = []
        with suppress(BadTemplate):
            fields = Template(name, source).fields
        return {
            "name": name,
            "source": source,
            "own": self._is_own(name),
            "built_in": self._templates.is_built_in(name),
            "parts": _sides(parts),
            "attachments": [
                {"file": each.file, "size": each.size}
                for each in (self._templates.attachments(name) if parts is not None else ())
            ],
            "fields": fields,
            "versions": [
                {"version": each.version, "at": utc_time(each.at)}
                for each in self._templates.versions.of(name)
            ],
        }


def _sides(parts: TemplateParts | None) -> dict[str, Any]:
    sides = asdict(parts or TemplateParts("", "", format=""))
    del sides["attachments"]
    return sides
