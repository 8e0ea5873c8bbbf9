"""What a task sees of the engine while it runs."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from desktop.engine.attempt import Claim, Ledger
    from desktop.engine.control import Control


class TaskContext:
    """One attempt's view of its task; usable from any thread the task starts.

    A function gets one where it has a parameter annotated ``TaskContext`` or named ``ctx``.
    """

    def __init__(self, claim: Claim, ledger: Ledger, control: Control) -> None:
        self._claim = claim
        self._ledger = ledger
        self._control = control


@dataclass(frozen=True, slots=True)
class ContextParameter:
    """The parameter that takes the context: its name and its place among positional arguments."""

    name: str
    position: int | None


def context_parameter(function: Callable[..., Any]) -> ContextParameter | None:
    """Find the parameter annotated ``TaskContext``, else the one named ``ctx``."""
    parameters = list(inspect.signature(function).parameters.values())
    found = next((p for p in parameters if _is_context(p.annotation)), None)
    found = found or next((p for p in parameters if p.name == "ctx"), None)
    if found is None:
        return None
    by_position = found.kind in {found.POSITIONAL_ONLY, found.POSITIONAL_OR_KEYWORD}
    return ContextParameter(found.name, parameters.index(found) if by_position else None)


def _is_context(annotation: Any) -> bool:
    """Tell whether an annotation means the context, also as text nobody can resolve."""
    if annotation is TaskContext:
        return True
    if not isinstance(annotation, str):
        return False
    names = [name.strip(" '\"") for name in annotation.split("|")]
    return any(name.rpartition(".")[2] == "TaskContext" for name in names)
