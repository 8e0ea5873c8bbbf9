"""When two rows are about the same thing, and when they say the same."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from desktop.contract.batches import BY_ADDRESS, BY_NAME, BY_NUMBER, BatchKey, Change
from desktop.contract.rules.addresses import Address, check_address
from desktop.contract.rules.templates import DEFAULT, field_key
from desktop.items.accepting import canonical

_WORD: Final = re.compile(r"\w+")
LENGTH: Final = 32
"""Hexadecimal digits kept of a hash: 128 bits."""


def identity_of(key: Sequence[str], template: str | None, item: Mapping[str, Any]) -> str | None:
    """Hash an item's key values and its template; ``None`` if it has no number or address.

    A title may be empty, because in most spreadsheets the address alone tells rows apart. ``None``
    as template means the default one.
    """
    recipient, number = item.get("recipient") or {}, item.get("item_id")
    values = {
        BatchKey.NUMBER: str(number) if isinstance(number, int) else "",
        BatchKey.EMAIL: str(recipient.get("email", "")).strip().casefold(),
        BatchKey.TITLE: str(item.get("title", "")).strip(),
        BatchKey.NAME: " ".join(str(recipient.get("name", "")).casefold().split()),
    }
    parts = [values[BatchKey(name)] for name in key]
    return _hash([None if template == DEFAULT else template, *key, *parts]) if parts[0] else None


def origins_of(key: Sequence[str], template: str | None, item: Mapping[str, Any]) -> list[str]:
    """Hash the values that may recognize a row as read: its key, other keys, its whole content.

    The first available one is stored with the row.
    """
    others = [each for each in (BY_NUMBER, BY_ADDRESS, BY_NAME) if each != tuple(key)]
    first, *more = [identity_of(each, template, item) for each in (key, *others)]
    return [*filter(None, [first or content_of(item), *more, content_of(item)])]


def content_of(body: Mapping[str, Any]) -> str:
    """Hash the content of a row: title, recipient, copies, fields and attachments."""
    return _hash(_content(body))


def template_of(body: Mapping[str, Any]) -> str:
    """Return the template of an item's message."""
    return str(body.get("template") or DEFAULT)


def person_in(body: Mapping[str, Any]) -> tuple[str, str]:
    """Return the name and the address of an item's recipient."""
    recipient = body.get("recipient") or {}
    return str(recipient.get("name") or ""), str(recipient.get("email") or "")


def is_another_person(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two items are for different people: neither name nor address is the same.

    Without names, the address decides.
    """
    names, addresses = zip(person_in(one), person_in(other), strict=True)
    return (_differ(*names) or not names[0].strip()) and _differ(*addresses)


def has_another_name(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether neither item's name has all words, or initials, of the other's."""
    mine, theirs = ({*_WORD.findall(person_in(item)[0].casefold())} for item in (one, other))
    return not (_has_all(mine, theirs) or _has_all(theirs, mine))


def _has_all(words: set[str], wanted: set[str]) -> bool:
    initials = {word[0] for word in words}
    return all(word in words or word in initials for word in wanted)


def is_well_known(item: Mapping[str, Any]) -> bool:
    """Tell whether an item has a name and an address that a message can be sent to."""
    name, address = person_in(item)
    return bool(name.strip()) and _can_be_sent_to(address)


def is_same_person(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two items have the same name, or the same address and at most one name.

    Only an address that a message can be sent to counts, because many people may have "none".
    """
    names, addresses = zip(person_in(one), person_in(other), strict=True)
    if all(name.strip() for name in names):
        return not _differ(*names)
    return not _differ(*addresses) and _can_be_sent_to(addresses[0])


def may_be_same_person(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two items are for the same person, or have the same content."""
    return is_same_person(one, other) or content_of(one) == content_of(other)


def are_alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two items cannot be told apart by their people."""
    pairs = zip(person_in(one), person_in(other), strict=True)
    return not any(_differ(*pair) for pair in pairs) or is_same_person(one, other)


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return the values in which two rows differ, in the order of the new row."""
    old, new = _named_values(before), _named_values(after)
    keys = [*new, *(key for key in old if key not in new)]
    pairs = [(old.get(key), new.get(key)) for key in keys]
    return [
        Change(field=(now or was or ("", None))[0], before=was and was[1], after=now and now[1])
        for was, now in pairs
        if (was and was[1]) != (now and now[1])
    ]


def _can_be_sent_to(address: str) -> bool:
    return isinstance(check_address(address.strip()), Address)


def _differ(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() != " ".join(other.split()).casefold()


def _content(body: Mapping[str, Any]) -> dict[str, Any]:
    recipient = body.get("recipient") or {}
    return {
        "title": body.get("title", ""),
        "name": recipient.get("name", ""),
        "email": recipient.get("email", ""),
        "fields": {field_key(str(name)): value for name, value in _fields(body).items()},
        "attachments": body.get("attachments", []),
        **{name: body[name] for name in ("cc", "bcc") if body.get(name)},
    }


def _fields(body: Mapping[str, Any]) -> Mapping[str, Any]:
    fields: Mapping[str, Any] = body.get("fields") or {}
    both = f"{fields.get('first_name')} {fields.get('last_name')}"
    if not person_in(body)[0].endswith(both):
        return fields
    # Earlier versions had the parts of a name here.
    return {name: fields[name] for name in fields if name not in {"first_name", "last_name"}}


def _named_values(body: Mapping[str, Any]) -> dict[str, tuple[str, Any]]:
    """Return the non-empty values with their names, by the key under which they are compared."""
    content = _content(body)
    del content["fields"]
    named = [(name, name, value) for name, value in content.items()]
    named += [
        (f"fields.{field_key(name)}", f"fields.{name}", value)
        for name, value in _fields(body).items()
    ]
    return {key: (name, value) for key, name, value in named if value not in ("", None, [])}


def _hash(value: Any) -> str:
    text = canonical(value) if isinstance(value, Mapping) else json.dumps(value)
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]
