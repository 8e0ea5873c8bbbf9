"""What can be done to one task of many, and whether it may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from desktop.contract.tasks import BulkAction
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.submission import Resend
from desktop.engine.transaction.group import Group
from desktop.engine.verbs.cancel import cancel, check_cancel
from desktop.engine.verbs.change import NOW, SEEN, UNSEEN, change, check_change
from desktop.engine.verbs.remove import check_removable
from desktop.engine.verbs.resend import check_resend, resend
from desktop.engine.verbs.resolve import check_resolve, resolve
from desktop.engine.verbs.retry import check_retry, retry

Deed = Callable[[Group, TaskRecord], object]

CHECKS: Final[dict[BulkAction, Deed]] = {
    "cancel": check_cancel,
    "retry": check_retry,
    "done": lambda group, record: check_resolve(group, record, "done"),
    "again": lambda group, record: check_resolve(group, record, "again"),
    "resend": check_resend,
    "run_now": lambda group, record: check_change(group, record, NOW),
    "seen": lambda group, record: check_change(group, record, SEEN),
    "unseen": lambda group, record: check_change(group, record, UNSEEN),
    "remove": check_removable,
}
"""Whether an action is allowed; each raises ``Conflict`` where it is not, and changes nothing."""

_DEEDS: Final[dict[BulkAction, Deed]] = {
    "cancel": cancel,
    "retry": retry,
    "done": lambda group, record: resolve(group, record, "done"),
    "again": lambda group, record: resolve(group, record, "again"),
    "run_now": lambda group, record: change(group, record, NOW),
    "seen": lambda group, record: change(group, record, SEEN),
    "unseen": lambda group, record: change(group, record, UNSEEN),
    "remove": check_removable,  # those that may go are forgotten together
}


def deed_of(action: BulkAction, delay: float) -> Deed:
    """Return what does an action to one task; a ``resend`` returns the new one."""
    if action == "resend":
        return lambda group, record: resend(group, record, Resend(delay=delay))
    return _DEEDS[action]
