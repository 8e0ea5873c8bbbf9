"""The failed messages of a batch, sent again: which tasks those are, to tell what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.client.api import TaskQuery
from desktop.contract.states import State
from desktop.gui.actions.tasks.task_calls import all_rows

if TYPE_CHECKING:
    from desktop.client.api import Api


class BatchRetries:
    """Has batches tried again, each call under its key: asked once more, it goes on with the first.

    What failed before is read once, so a lost answer loses none of it.
    """

    def __init__(self) -> None:
        self._before: dict[str, dict[int, int]] = {}

    def retry(self, api: Api, number: int, key: str) -> list[int]:
        """Try it again and return the tasks that are; blocks, and raises ``ClientError``.

        Of more tasks than one call takes, none are named.
        """
        failed = TaskQuery(states=(State.FAILED.value,), batch_id=number)
        if key not in self._before:
            self._before[key] = _revisions(api, failed)
        api.batches.retry(number, key)
        left = _revisions(api, failed)
        before = self._before.pop(key)
        return [task for task, rev in before.items() if left.get(task) != rev]


def _revisions(api: Api, query: TaskQuery) -> dict[int, int]:
    return {row["id"]: row["rev"] for row in all_rows(api, query) or []}
