"""How long a task waits before it is tried again after a failure."""

from __future__ import annotations

import logging
import math

from desktop.engine.functions.backoff import DEFAULT_RETRY
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.transaction.group import Group

log = logging.getLogger(__name__)


def retry_delay(group: Group, record: TaskRecord) -> float:
    """Return the wait before the next attempt, s; only the task's own failures are counted.

    A backoff that raises or returns NaN is replaced by the default one.
    """
    spec = group.spec(record)
    retry = spec.retry if spec else DEFAULT_RETRY
    failures = retry.attempts - (record.max_attempts - record.attempt)
    try:
        wait = float(retry.backoff(max(1, failures), group.random))
    except BaseException:  # the backoff is an app's code, and this is the writer's thread
        log.exception("The backoff of a task failed; the usual one is used")
        wait = math.nan
    return DEFAULT_RETRY.backoff(max(1, failures), group.random) if math.isnan(wait) else wait
