"""Idempotency: the first answer to a key is kept, and given again to the same request."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

from desktop.engine.errors import Conflict
from desktop.engine.store.tables import statements
from desktop.engine.submission import Accepted, Idempotency
from desktop.engine.transaction.group import Group

OTHER_REQUEST: Final = "This Idempotency-Key was used for another request."


def recall(group: Group, key: Idempotency) -> Any:
    """Return the first answer to the key, ``None`` for a new one.

    Raises ``Conflict`` where the key came with another body.
    """
    row = group.cursor.execute(statements.ANSWER, (key.key,)).fetchone()
    if row is None:
        return None
    body_hash, answer = row
    if body_hash != key.body_hash:
        raise Conflict(OTHER_REQUEST)
    return json.loads(answer)


def remember(group: Group, key: Idempotency, answer: Any) -> None:
    """Keep the first answer (JSON) to the key."""
    text = json.dumps(answer, separators=(",", ":"))
    group.cursor.execute(statements.INSERT_IDEMPOTENCY, (key.key, key.body_hash, text, group.now))


def amend(group: Group, key: Idempotency, answer: Any) -> None:
    """Keep another answer (JSON) to a key that has one, for as long as the first."""
    text = json.dumps(answer, separators=(",", ":"))
    group.cursor.execute(statements.CHANGE_ANSWER, (text, key.key))


def recall_accepted(group: Group, key: Idempotency) -> Accepted | None:
    """Return what a submission with this key was answered, as a replay; else as :func:`recall`."""
    known = recall(group, key)
    if known is None:
        return None
    return Accepted(
        item_ids=known["item_ids"],
        task_ids=known["task_ids"],
        replayed=True,
        replayed_items=frozenset(known["replayed_items"]),
        refused={int(place): reason for place, reason in known["refused"].items()},
        joined=frozenset(known.get("joined", ())),  # answers of older versions have none
        row=known["row"],
        note=known["note"],
    )


def remember_accepted(group: Group, key: Idempotency, accepted: Accepted) -> None:
    """Keep what a submission with this key is answered."""
    sets = {name: [*getattr(accepted, name)] for name in ("replayed_items", "joined")}
    remember(group, key, asdict(accepted) | sets)
