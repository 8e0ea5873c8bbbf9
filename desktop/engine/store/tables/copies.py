"""Which messages tell an item's recipient, and which are copies: shown, but they inform no one.

A message that reaches its item's address informs: as that is when it is sent, or as it is once the
item is corrected to where the message went. Any other one is a copy, to the sender to be looked at
(``to_me``) or to someone else (``copy``). An item is not informed by a copy, a failure not settled.
"""

from __future__ import annotations

import json
from typing import Final, cast

from sqlalchemy import ColumnElement, and_, func, literal_column

from desktop.contract.rules.mailbox import Mailbox, same_address
from desktop.contract.tasks import Addressee
from desktop.engine.store.tables.schema import tasks


def marked(addressee: Addressee, own: str) -> Addressee:
    """Tell an addressee with whether the message is a copy; ``own`` is its item's, as written."""
    plain = cast("Addressee", {name: n for name, n in addressee.items() if name != "copy"})
    is_own = same_address(plain["email"], own)
    return plain if is_own or "to_me" in plain else {**plain, "copy": True}


def copy_for(addressee: str | None) -> str | None:
    """Return to which address a task's own addressee (JSON) has it sent as a copy, if it does."""
    told: Addressee | None = None if addressee is None else json.loads(addressee)
    is_copy = told is not None and ("to_me" in told or "copy" in told)
    return told["email"].casefold() if told is not None and is_copy else None


def written(addressee: Addressee) -> str:
    """Write an addressee as rows show it."""
    return str(Mailbox(addressee.get("name") or "", addressee["email"]))


def _lacks(name: str) -> ColumnElement[bool]:
    return func.json_extract(tasks.c.addressee, literal_column(f"'$.{name}'")).is_(None)


IS_OWN: Final = tasks.c.addressee.is_(None) | and_(_lacks("to_me"), _lacks("copy"))
"""Whether a task is no copy."""
