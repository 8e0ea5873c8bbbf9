"""When two rows are about the same thing, and when they say the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from desktop.contract.batches import BatchKey, Change
from desktop.contract.rules.templates import DEFAULT
from desktop.engine.verbs.submit.prepare import canonical

LENGTH: Final = 32
"""Hexadecimal digits of a hash that are kept: 128 bits."""


def identity_of(
    key: Sequence[str], template: str | None, number: int | None, body: Mapping[str, Any]
) -> str | None:
    """Hash what recognizes a row, with its template; ``None`` without a number, or an address.

    A title may be empty: in most spreadsheets the address alone tells rows apart.
    """
    recipient = body.get("recipient") or {}
    values = {
        BatchKey.NUMBER: "" if number is None else str(number),
        BatchKey.EMAIL: str(recipient.get("email", "")).strip().casefold(),
        BatchKey.TITLE: str(body.get("title", "")).strip(),
    }
    parts = [values[BatchKey(name)] for name in key]
    return _hash([template, *key, *parts]) if parts[0] else None


def content_of(body: Mapping[str, Any]) -> str:
    """Hash what a row says: its title, recipient, fields and attachments."""
    return _hash(_content(body))


def letter_of(body: Mapping[str, Any]) -> str:
    """Return the template of an item's message."""
    return str(body.get("template") or DEFAULT)


def person_in(body: Mapping[str, Any]) -> tuple[str, str]:
    """Return the name and the address that an item is for."""
    recipient = body.get("recipient") or {}
    return str(recipient.get("name") or ""), str(recipient.get("email") or "")


def is_another_person(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two items are for different people: neither name nor address is the same."""
    names, addresses = zip(person_in(one), person_in(other), strict=True)
    return all(_differ(*pair) for pair in (names, addresses))


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """List the values in which two rows differ, in the order of the new one."""
    old, new = _flat(before), _flat(after)
    names = [*new, *(name for name in old if name not in new)]
    return [
        Change(field=name, before=old.get(name), after=new.get(name))
        for name in names
        if old.get(name) != new.get(name)
    ]


def _differ(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() != " ".join(other.split()).casefold()


def _content(body: Mapping[str, Any]) -> dict[str, Any]:
    recipient = body.get("recipient") or {}
    return {
        "title": body.get("title", ""),
        "name": recipient.get("name", ""),
        "email": recipient.get("email", ""),
        "fields": body.get("fields", {}),
        "attachments": body.get("attachments", []),
    }


def _flat(body: Mapping[str, Any]) -> dict[str, Any]:
    content = _content(body)
    fields = content.pop("fields")
    attachments = content.pop("attachments")
    flat = {name: value for name, value in content.items() if value != ""}
    flat |= {f"fields.{name}": value for name, value in fields.items() if value not in ("", None)}
    return flat | ({"attachments": attachments} if attachments else {})


def _hash(value: Any) -> str:
    text = canonical(value) if isinstance(value, Mapping) else json.dumps(value)
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]
