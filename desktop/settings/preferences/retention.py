"""The settings of how long things are kept, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final

from desktop.contract.problems import FieldError

LONGEST_DAYS: Final = 36_500
_TASKS: Final = "A task has the name and address of its item, so this must be {} days or more."
_MESSAGES: Final = "A message has the contents of its item, so this must be {} days or more."
_ITEMS: Final = "This must be {} days or more, as long as the contents are kept."


@dataclass(frozen=True, slots=True)
class KeepSettings:
    """How long things are kept, in days; while an item has a task, all of it is kept."""

    tasks_days: int = 30
    """Tasks that succeeded or were cancelled; others are kept three times as long."""
    messages_days: int = 30
    """E-mails as they were sent, or kept in practice mode."""
    contents_days: int = 365
    """Names, addresses and fields of items; finished batches with their spreadsheets."""
    items_days: int = 3 * 365
    """What is left of items: number, time, and whether and when a person was informed."""


def keep_problems(keep: KeepSettings) -> Iterator[FieldError]:
    """Yield an error for each value that cannot be used; types are checked before."""
    days: dict[str, int] = asdict(keep)
    wrong = {name for name, value in days.items() if not 1 <= value <= LONGEST_DAYS}
    for name in days:
        if name in wrong:
            message = f"This must be a number of days from 1 to {LONGEST_DAYS:,}."
            yield {"path": f"keep.{name}", "message": message}
    if wrong:
        return
    for least, words in ((keep.tasks_days, _TASKS), (keep.messages_days, _MESSAGES)):
        if keep.contents_days < least:
            yield {"path": "keep.contents_days", "message": words.format(least)}
            break
    if keep.items_days < keep.contents_days:
        yield {"path": "keep.items_days", "message": _ITEMS.format(keep.contents_days)}
