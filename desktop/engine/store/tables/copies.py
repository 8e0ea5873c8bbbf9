"""Copies of messages, which do not count as informing an item's recipient.

A message counts if it goes to its item's address: the address when it is sent, or one to which the
item is corrected afterwards. Any other message is a copy: to the sender to look at (``to_me``), or
to someone else (``copy``). A copy does not inform an item, nor does it settle a failure.
"""

from __future__ import annotations

import json
from typing import Final, cast

from sqlalchemy import ColumnElement, and_, func, literal_column

from desktop.contract.rules.mailbox import Mailbox, same_address
from desktop.contract.tasks import Addressee
from desktop.engine.store.tables.schema import tasks


def marked(addressee: Addressee, own: str) -> Addressee:
    """Return an addressee, marked ``copy`` if it differs from its item's address ``own``."""
    plain = cast("Addressee", {name: n for name, n in addressee.items() if name != "copy"})
    is_own = same_address(plain["email"], own)
    return plain if is_own or "to_me" in plain else {**plain, "copy": True}


def copy_for(addressee: str | None) -> str | None:
    """Return the address to which a task goes as a copy; ``addressee`` is JSON. Else ``None``."""
    told: Addressee | None = None if addressee is None else json.loads(addressee)
    is_copy = told is not None and ("to_me" in told or "copy" in told)
    return told["email"].casefold() if told is not None and is_copy else None


def written(addressee: Addressee) -> str:
    """Return an addressee as rows show it."""
    return str(Mailbox(addressee.get("name") or "", addressee["email"]))


def _lacks(name: str) -> ColumnElement[bool]:
    return func.json_extract(tasks.c.addressee, literal_column(f"'$.{name}'")).is_(None)


IS_OWN: Final = tasks.c.addressee.is_(None) | and_(_lacks("to_me"), _lacks("copy"))
"""The condition that a task is not a copy."""
