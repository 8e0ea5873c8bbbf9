"""Idempotency: the first answer to a key is stored and returned for the same request again."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

from desktop.engine.errors import Conflict
from desktop.engine.store.tables import statements
from desktop.engine.submission import Accepted, Idempotency
from desktop.engine.transaction.group import Group

OTHER_REQUEST: Final = "This Idempotency-Key was used for another request."


def recall(group: Group, key: Idempotency | None) -> Any:
    """Return the first answer to the key; ``None`` for a new key, and without a key.

    Raises ``Conflict`` if the key was used with another body.
    """
    if key is None:
        return None
    row = group.cursor.execute(statements.ANSWER, (key.key,)).fetchone()
    if row is None:
        return None
    body_hash, answer = row
    if body_hash != key.body_hash:
        raise Conflict(OTHER_REQUEST)
    return json.loads(answer)


def remember(group: Group, key: Idempotency | None, answer: Any) -> None:
    """Store the first answer (JSON) to the key, if there is one."""
    if key is None:
        return
    text = json.dumps(answer, separators=(",", ":"))
    group.cursor.execute(statements.INSERT_IDEMPOTENCY, (key.key, key.body_hash, text, group.now))


def amend(group: Group, key: Idempotency, answer: Any) -> None:
    """Replace the stored answer (JSON) to a key; it expires with the first."""
    text = json.dumps(answer, separators=(",", ":"))
    group.cursor.execute(statements.CHANGE_ANSWER, (text, key.key))


def recall_accepted(group: Group, key: Idempotency | None) -> Accepted | None:
    """Return the answer to a submission with this key as a replay; like :func:`recall`."""
    known = recall(group, key)
    if known is None:
        return None
    return Accepted(
        task_ids=known["task_ids"],
        replayed=True,
        joined=frozenset(known["joined"]),
        row=known["row"],
        note=known["note"],
    )


def remember_accepted(group: Group, key: Idempotency, accepted: Accepted) -> None:
    """Store the answer to a submission with this key."""
    remember(group, key, asdict(accepted) | {"joined": [*accepted.joined]})
