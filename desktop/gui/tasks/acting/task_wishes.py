"""Receives actions on tasks from all views, and passes each to what carries it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from desktop.gui.tasks.acting.task_actions import Everything

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.gui.tasks.acting.asked_first import Asking
    from desktop.gui.tasks.acting.task_actions import Called, Verb, Which, Wish
    from desktop.gui.tasks.acting.task_verbs import TaskVerbs


class TaskWishes:
    """Carries out an action, asks first, or takes the way that another room has for it."""

    def __init__(self, asking: Asking, verbs: TaskVerbs) -> None:
        self._asking = asking
        self._verbs = verbs
        self._ways: dict[str, Callable[[list[int]], object]] = {}

    def lead(self, wish: Wish, way: Callable[[list[int]], object]) -> None:
        """Let a room carry out an action on the tasks with these numbers."""
        self._ways[wish] = way

    def carry_out(self, wish: Wish, which: Which) -> None:
        """Carry out an action on tasks."""
        if (way := self._ways.get(wish)) is not None:
            way([] if isinstance(which, Everything) else which)
        elif not self._asking.takes(wish, which):
            self._verbs.carry_out(cast("Verb | Called", wish), which)
