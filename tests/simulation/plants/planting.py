"""What is planted: mistakes an engine could make, by name."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Final

Plant = Callable[[], AbstractContextManager[Any]]
PLANTS: Final[dict[str, tuple[Plant, set[str]]]] = {}
"""By what is wrong: how to plant it, and the promises that it may break first."""


def plant(wrong: str, *promises: str) -> Callable[[Plant], Plant]:
    """Note a plant."""

    def note(made: Plant) -> Plant:
        PLANTS[wrong] = made, set(promises)
        return made

    return note
