"""The blocking calls of the template editor: they run on worker threads and use no widget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from desktop.client.errors import ClientError, Refused
from desktop.contract.rules.templates import ATTACHMENTS_LIMIT

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.client.api import Api
    from desktop.contract.batch_rows import BatchRow
    from desktop.contract.items import Item

ITEMS: Final = 50
"""The number of newest items, or first rows, in the preview."""


class UnfitFile(Exception):
    """A file is empty, or larger than a message can be; ``size`` is in bytes."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


def sentence_of(error: Exception) -> str:
    """Return an error as a sentence; a refusal's errors by field, one a line."""
    if isinstance(error, Refused):
        errors = [each["message"] for each in error.problem.get("errors", [])]
        return "\n".join(errors) or error.problem["detail"]
    if isinstance(error, OSError) and error.strerror is not None:
        return f"{error.strerror}."
    return str(error)


def items(api: Api, *, about: int | None) -> list[Item]:
    """Read the newest items; the item ``about`` is put first if it is older."""
    newest = api.items.recent(ITEMS)
    if about is None or any(each["item_id"] == about for each in newest):
        return newest
    try:
        return [api.items.one(about), *newest]
    except Refused:
        return newest  # the item is gone


def first_rows(api: Api, *, number: int) -> list[BatchRow]:
    """Read the first rows of a batch."""
    return api.batches.rows(number, limit=ITEMS)["rows"]


def save_template(api: Api, wanted: dict[str, Any], about: dict[str, int]) -> dict[str, Any]:
    """Save a template, and rename it if wanted.

    The answer includes what :func:`_judged` adds.
    """
    keys = {"parts", "copy_of", "rename_of"} & wanted.keys()
    saved = api.templates.save(wanted["name"], {key: wanted[key] for key in sorted(keys)})
    return _judged(api, saved, about)


def restore_template(api: Api, about: dict[str, int], *, name: str, version: str) -> dict[str, Any]:
    """Restore a version of a template; the answer is that of :func:`save_template`."""
    return _judged(api, api.templates.restore(name, version), about)


def lay_ready(api: Api, *, name: str, path: Path, edit: str) -> dict[str, Any]:
    """Upload a file for the edit of a template.

    Raises ``UnfitFile``, before the upload, for a file that cannot be attached.
    """
    size = path.stat().st_size
    if size == 0 or size > ATTACHMENTS_LIMIT:
        raise UnfitFile(size)
    return api.templates.lay_ready(name, path, edit)


def _judged(api: Api, saved: dict[str, Any], about: dict[str, int]) -> dict[str, Any]:
    """Add to a saved template whether it ``has_fault``, and the ``messages`` that need it.

    The fault is found by a preview ``about`` an item. ``messages`` is ``None`` if they cannot be
    counted.
    """
    judged = {**saved, "has_fault": _has_fault(api, saved, about)}
    try:
        return {**judged, "messages": api.templates.messages(str(saved["name"]))}
    except ClientError:
        return {**judged, "messages": None}


def _has_fault(api: Api, template: dict[str, Any], about: dict[str, int]) -> bool:
    """Tell whether a template cannot be sent: it has an error, a mistyped field or a lost file."""
    if any(each["size"] is None for each in template["attachments"]):
        return True
    try:
        message = api.preview({"template": template["name"], **about})
    except Refused as error:
        return any(each["path"] == "template" for each in error.problem.get("errors", []))
    except ClientError:
        return False  # it is saved; whether it has a fault is unknown
    return any(each["nearest"] for each in message["unknown"])


def delete_template(api: Api, *, name: str) -> str:
    """Delete a template; return its name."""
    api.templates.delete(name)
    return name
