"""The files with the examples: ``python -m tests.backend.wire.example_files`` writes them."""

from __future__ import annotations

import json
from collections.abc import Set
from pathlib import Path
from typing import Final, cast

from desktop.backend.application import PARTS
from sendoff_tasks.http.application import TASKS, routes_of
from tests.backend.wire.examples import BY_OPERATION

_TASKS: Final = {route.operation_id for route in routes_of((TASKS,))}
FILES: Final[dict[Path | None, Set[str | None]]] = {
    TASKS.examples: _TASKS,
    PARTS[0].examples: BY_OPERATION.keys() - _TASKS,
}


def written(operations: Set[str | None]) -> str:
    """Return the text of the file with these operations."""
    found = {
        operation: {"answer": answer} if body is None else {"body": body, "answer": answer}
        for operation, (body, answer) in sorted(BY_OPERATION.items())
        if operation in operations
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    for file, its in FILES.items():
        cast("Path", file).write_text(written(its), encoding="utf-8")
