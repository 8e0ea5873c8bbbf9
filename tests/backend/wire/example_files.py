"""The files with the examples: ``python -m tests.backend.wire.example_files`` writes them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, cast

from desktop.backend.application import PARTS
from desktop.contract.office import OfficeFields, OfficeStats, OfficeTask
from sendoff_tasks.http.application import TASKS, routes_of
from sendoff_tasks.model.events import Stats
from sendoff_tasks.model.tasks import TaskDetail
from tests.backend.wire.examples import BY_OPERATION

_TASKS: Final = {route.operation_id for route in routes_of((TASKS,))}
_MORE: Final = {
    *(OfficeTask.__annotations__.keys() - TaskDetail.__annotations__),
    *(OfficeStats.__annotations__.keys() - Stats.__annotations__),
    "takes_item",
}
"""Fields that the tasks, counts and functions of an app do not have."""


def _as_told(example: Any) -> Any:
    return example


def _of_an_app(example: Any) -> Any:
    """Return the example as an app would tell it: no task is a message."""
    if isinstance(example, list):
        some = [each for each in example if not _is_of_a_batch(each)]
        return [*map(_of_an_app, some)]
    if not isinstance(example, dict):
        return {"correct_address": "retry", "item_id": "order_id"}.get(example, example)
    gone = _MORE if "rev" in example else _MORE - OfficeFields.__annotations__.keys()
    return {name: _of_an_app(value) for name, value in example.items() if name not in gone}


def _is_of_a_batch(example: Any) -> bool:
    return isinstance(example, dict) and "batch_id" in example.get("about", {})


FILES: Final[dict[Path | None, tuple[set[str | None], Callable[[Any], Any]]]] = {
    TASKS.examples: (_TASKS, _of_an_app),
    PARTS[0].examples: ({*BY_OPERATION}, _as_told),
}


def written(operations: set[str | None], told: Callable[[Any], Any]) -> str:
    """Return the text of the file with these operations."""
    found = {
        operation: {"answer": answer} if body is None else {"body": body, "answer": answer}
        for operation, (body, answer) in sorted(BY_OPERATION.items())
        if operation in operations
    }
    return json.dumps(told(found), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    name = "python -m tests.backend.wire.example_files"
    argparse.ArgumentParser(prog=name, description=__doc__).parse_args()
    for file, its in FILES.items():
        cast("Path", file).write_text(written(*its), encoding="utf-8")
