"""Own task files and packages are imported in a thread of their own: an import may never end."""

from __future__ import annotations

import threading
from concurrent.futures import Future, InvalidStateError, wait
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

IMPORT_WITHIN: Final = 5.0
"""Seconds."""


class Unfinished(Exception):
    """An import that has not ended and is no longer waited for."""


def imported(load: Callable[[], T]) -> Future[T]:
    """Call ``load`` and give what came of it, which may be any exception at all.

    After ``IMPORT_WITHIN`` that is ``Unfinished``, even if the thread ends later: nothing can
    end it.
    """
    outcome: Future[T] = Future()

    def run() -> None:
        with suppress(InvalidStateError):  # it is too late
            try:
                outcome.set_result(load())
            except BaseException as error:  # noqa: BLE001 - foreign code
                outcome.set_exception(error)

    threading.Thread(target=run, name="import", daemon=True).start()
    wait([outcome], IMPORT_WITHIN)
    with suppress(InvalidStateError):  # it came in time
        outcome.set_exception(Unfinished(f"has not finished importing after {IMPORT_WITHIN:g} s"))
    return outcome
