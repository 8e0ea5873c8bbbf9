"""Items whose tasks are letters and receipts."""

from __future__ import annotations

from itertools import count
from typing import Any

from desktop.contract.items import Addressee, Item
from desktop.items.accepting import ItemSubmission, NewItemRow
from desktop.items.reads.items import ItemSearch, read_items
from sendoff_tasks.attempts.outcomes import Failed, LeftUncertain, Succeeded
from sendoff_tasks.functions.registry import task as describe
from sendoff_tasks.submission import NewTask
from tests.engine.stepped import Stepped

ME: Addressee = {"email": "me@example.org", "to_me": True}
CY: Addressee = {"email": "cy@example.org"}
DONE, KEPT = Succeeded("1"), Succeeded("1", kept=True)
REFUSED, UNSURE = Failed("550", "", final=True), LeftUncertain("no answer", "")
_NUMBERS = count(1)


@describe(reference=lambda: f"<{next(_NUMBERS)}@example.org>")
def letter(*args: Any) -> None: ...


@describe
def receipt(*args: Any) -> None: ...


def submit(stepped: Stepped, number: int, *names: str, title: str = "") -> list[int]:
    own = [NewTask(name, (number,), title=title or None) for name in names]
    item = NewItemRow(number, {"title": title} if title else {}, own)
    return stepped.submit(ItemSubmission([item])).task_ids[0]


def items(stepped: Stepped, **wanted: Any) -> list[Item]:
    return read_items(stepped.connection, ItemSearch(**wanted))["items"]
