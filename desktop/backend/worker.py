"""``sendoff worker``: runs the tasks of an app, or those of a backend with items."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from desktop.contract.batches import MAIL_TASKS
from desktop.engine.facade.opening import Purpose, purpose_of
from desktop.engine.worker import process
from desktop.engine.worker.process import NotImported
from desktop.tasks.plugins import OwnTasks

if TYPE_CHECKING:
    import threading
    from collections.abc import Sequence

    from desktop.engine.functions.registry import Registry
    from desktop.settings.paths import DataFolder

NO_MODULE: Final = "The tasks in this database belong to an app: name its modules by --import."

NO_TASKS: Final = (
    "This database is new: the worker waits for the app it is for, or `sendoff serve --database`."
)
AGAIN_S: Final = 1.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """The options of the command line; no ``queues`` means all of them."""

    database: str
    modules: Sequence[str]
    queues: Sequence[str]


def run(options: WorkerOptions, folder: DataFolder) -> int:
    """Run attempts until a signal asks the process to end; return its exit status.

    Raises ``NotImported`` and ``StoreError``.
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    with process.signals() as ended:
        purpose = _purpose(options.database, ended)
        if purpose is Purpose.APP:
            registry = _app_registry(options.modules)
            offer = process.offer_of(registry, options.modules, options.queues)
            process.run(options.database, registry, offer, ended.wait)
        elif purpose is Purpose.ITEMS:
            _run_items(options, folder, ended)
    return 0


def _run_items(options: WorkerOptions, folder: DataFolder, ended: threading.Event) -> None:
    """Run the tasks of a backend with items; send e-mails while the settings allow it here."""
    from desktop.backend.following.worker_mail import WorkerMail

    registry = _item_registry(options.modules, folder)
    with WorkerMail(options.database, folder) as mail:
        for task in mail.tasks():
            registry.add(task)
        offer = process.offer_of(registry, options.modules, options.queues)
        others = replace(offer, functions=offer.functions - MAIL_TASKS)
        sends = mail.may_send()
        first = offer if sends else others
        with process.running(options.database, registry, first) as change:
            while not ended.is_set():
                mail.follow(ended, sends)
                if (now := mail.may_send()) != sends:
                    sends = now
                    change(offer if sends else others)


def _purpose(database: str, ended: threading.Event) -> Purpose | None:
    """Wait until an app or a backend has set up the database; ``None`` if stopped before that."""
    purpose = purpose_of(database)
    if purpose is None:
        log.info(NO_TASKS)
    while purpose is None and not ended.wait(AGAIN_S):
        purpose = purpose_of(database)
    return purpose


def _app_registry(modules: Sequence[str]) -> Registry:
    if not modules:
        raise NotImported(NO_MODULE)
    return process.imported(modules)


def _item_registry(modules: Sequence[str], folder: DataFolder) -> Registry:
    """Register the tasks of ``modules``, of the worker's own task files and of packages."""
    registry = process.imported(modules)
    own = OwnTasks(folder.tasks, registry, record=None)
    errors = [error for error in own.look().values() if error is not None]
    for error in (*errors, *own.load_packages()):
        log.error("%s\n%s", error.sentence, error.trace)
    return registry
