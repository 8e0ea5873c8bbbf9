"""The description of a kind of item, from which the form is built, and the item it makes.

To add another kind of item, add a function like :func:`item`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QCoreApplication

from desktop.contract.items import CONFIRMATION, NewItem
from desktop.contract.rules.templates import heading
from desktop.contract.rules.text import (
    NAME_LIMIT,
    TITLE_LIMIT,
    line_problem,
    text_problem,
    trimmed,
    whole_number,
)
from desktop.contract.tasks import ID_LIMIT
from desktop.gui.kit.words.addresses import address_problem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class FieldKind:
    """One field of a kind of item.

    ``path`` is its dotted place in the body of ``POST /items`` (``recipient.email``); errors of the
    API use the same path. ``check`` returns the error of a text, or ``None``.
    """

    path: str
    label: str
    placeholder: str
    check: Callable[[str], str | None]
    multiline: bool = False
    can_be_pinned: bool = False
    """Whether its text can be kept for the next item."""


@dataclass(frozen=True, slots=True)
class TaskKind:
    """A task to run once the item is registered: a check box under *Afterwards*."""

    name: str
    label: str
    checked: bool = True


@dataclass(frozen=True, slots=True)
class ItemKind:
    """A kind of item: its fields in order, its tasks, and the path of the field to start at."""

    fields: tuple[FieldKind, ...]
    tasks: tuple[TaskKind, ...]
    starts_at: str


def item() -> ItemKind:
    """Return the only kind so far: an item with a recipient, a title and a note."""
    one_line = partial(line_problem, limit=NAME_LIMIT)
    return ItemKind(
        fields=(
            FieldKind("recipient.name", _tr("Name"), "", one_line),
            FieldKind("recipient.email", _tr("E-mail"), "", address_problem),
            FieldKind(
                "title",
                _tr("Title"),
                _tr("What it is about"),
                partial(line_problem, limit=TITLE_LIMIT),
                can_be_pinned=True,
            ),
            FieldKind(
                "fields.note",
                _tr("Note in the e-mail"),
                _tr("The recipient reads it"),
                text_problem,
                multiline=True,
            ),
        ),
        tasks=(TaskKind(CONFIRMATION, _tr("Confirmation e-mail")),),
        starts_at="recipient.name",
    )


def field_kind(path: str, name: str) -> FieldKind:
    """Return a one-line field for a custom field of an item or a template."""
    return FieldKind(path, heading(name), "", partial(line_problem, limit=TITLE_LIMIT))


def number_problem(text: str) -> str | None:
    """Return the error of an item number typed by hand, or ``None``; it may be empty."""
    digits = text.strip()
    if not digits or whole_number(digits, ID_LIMIT) is not None:
        return None
    if digits.isascii() and digits.strip("0").isdigit():
        return _tr("This number is too large.")
    return _tr("Enter a whole number from 1 up.")


def new_item(
    values: Mapping[str, str],
    tasks: Sequence[str],
    needed: Collection[str] = (),
    **others: str,
) -> NewItem:
    """Make the body of ``POST /items`` from the texts of the fields by path.

    Empty texts are left out, except for ``needed`` paths, which the template asks for.
    """
    body: dict[str, Any] = {key: value for key, value in others.items() if value}
    for path, text in values.items():
        if trimmed(text) or path in needed:
            parent, dot, key = path.partition(".")
            place = body.setdefault(parent, {}) if dot else body
            place[key if dot else parent] = trimmed(text)
    body["tasks"] = list(tasks)
    return cast("NewItem", body)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ItemKind", text)
