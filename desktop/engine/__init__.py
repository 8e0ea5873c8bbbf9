"""Durable tasks: what a task function needs to describe itself; cheap to import.

The rooms, from a call to its end:

- ``engine`` is the façade, ``assembly`` makes its parts and takes them apart in order.
  ``submission`` and ``query`` are what travels through it.
- ``registry`` knows functions by name; ``arguments`` makes their arguments JSON and back.
- ``inbox`` is where every thread leaves what is to be written: requests of callers, ``notes`` of
  attempts, which come through the ``ledger``. ``writer`` is the one thread that takes them.
- ``core`` makes each round of the writer one ``group``: one transaction with the callers'
  ``verbs`` (each ``whole`` or not at all), the notes, what time does (``stager``), the ``claims``
  for free slots and what is forgotten (``pruner``); after its COMMIT the answers, the attempts and
  the news. It has no thread, no clock and no chance of its own, so that a simulator can own it.
  ``memory`` is what it keeps at hand of the store, ``recovery`` how it begins, ``trouble`` what is
  told while the disk refuses.
- ``dispatch`` is the port below: how queued tasks reach the lanes, and whose turn it is. What a
  queue may: ``limits``, ``starts`` (its rate), ``pauses``, ``holds``.
- ``drift`` finds that the ``clock`` was set, and moves the delays along.
- ``lanes`` run ``attempt``s; ``ending`` says what becomes of a task when one ends, ``backoff`` when
  it is tried again, ``failures`` what the log says of it. ``options`` are those of ``@task``.
- ``journal`` tells whoever listens what changed, in commit order and without a gap.
- ``store`` has the tables and every line of SQL.
- ``fastapi`` is the drop-in for ``BackgroundTasks``.
"""

from __future__ import annotations

from desktop.engine.attempts.context import TaskContext
from desktop.engine.errors import Final, NeedsPerson, RetryLater, TaskCancelled, Uncertain
from desktop.engine.functions.backoff import exponential
from desktop.engine.functions.registry import Retry, task

__all__ = [
    "Final",
    "NeedsPerson",
    "Retry",
    "RetryLater",
    "TaskCancelled",
    "TaskContext",
    "Uncertain",
    "exponential",
    "task",
]
