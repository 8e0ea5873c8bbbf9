"""An item with its tasks, and what it is corrected to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from desktop.contract.items import NewItem
from desktop.items.accepting import CorrectionAnswer, ItemCorrection, ItemSubmission, NewItemRow
from desktop.items.correcting import correct, prepare_correction
from sendoff_tasks.attempts.outcomes import Failed
from sendoff_tasks.submission import Idempotency, NewTask, TaskOptions
from tests.engine.stepped import Stepped

ADA: NewItem = {"title": "Opera", "recipient": {"name": "Ada", "email": "ada@example.com"}}
BO: NewItem = {"title": "Ballet", "recipient": {"name": "Bo", "email": "bo@example.org"}}
TO_ADA, TO_BO = "Ada <ada@example.com>", "Bo <bo@example.org>"
FINAL = Failed("550 no such user", "", final=True)


def submit(stepped: Stepped, *names: str, **options: Any) -> list[int]:
    when = TaskOptions(**options)
    tasks = [NewTask(name, to=TO_ADA, options=when) for name in names or ("work",)]
    return stepped.submit(ItemSubmission([NewItemRow(1, ADA, tasks)])).task_ids[0]


def put(
    stepped: Stepped,
    body: NewItem = BO,
    *,
    names: Sequence[str] = ("work",),
    send: bool = False,
    key: Idempotency | None = None,
    to: str = TO_BO,
    number: int = 1,
    **options: Any,
) -> CorrectionAnswer:
    when = TaskOptions(**options)
    row = NewItemRow(number, body, [NewTask(name, to=to, options=when) for name in names])
    prepared = prepare_correction(ItemCorrection(row, to, send, key), stepped.registry)
    corrected: CorrectionAnswer = stepped.do(lambda group: correct(group, prepared))
    return corrected
