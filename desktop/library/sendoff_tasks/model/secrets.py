"""Names of arguments whose values are secrets, and what is shown in their place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

HIDDEN: Final = "•••"

_SECRET: Final = re.compile(
    r"passw|passphrase|passcode|pwd|secret|token|bearer|jwt|credential|authorization|cookie"
    r"|(api|private|access)_?key|(?<![a-z])t?otp(?![a-z])|(?<![a-z])cvv",
    re.IGNORECASE,
)


def is_secret(name: str) -> bool:
    """Tell whether a value with this name is likely a secret."""
    return _SECRET.search(name) is not None


def without_secrets(value: Any) -> Any:
    """Return decoded JSON with ``HIDDEN`` in place of each value whose name is a secret's."""
    if isinstance(value, dict):
        return {
            name: HIDDEN if is_secret(name) else without_secrets(each)
            for name, each in value.items()
        }
    return [without_secrets(each) for each in value] if isinstance(value, list) else value


def task_without_secrets(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return a task's details with ``HIDDEN`` for the secrets in its arguments and its result."""
    names = [*task["parameters"], *[""] * len(task["args"])]
    args = [
        HIDDEN if is_secret(name) else without_secrets(value)
        for name, value in zip(names, task["args"], strict=False)
    ]
    kwargs, result = without_secrets(task["kwargs"]), without_secrets(task["result"])
    return {**task, "args": args, "kwargs": kwargs, "result": result}
