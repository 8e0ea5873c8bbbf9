"""Sends messages again: the backend makes the new tasks at once, and *Undo* cancels them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QObject

from desktop.client.api import new_key
from desktop.client.errors import ClientError
from desktop.contract.items import MAIL_QUEUE
from desktop.contract.rules.mailbox import parse_mailbox
from desktop.gui.actions.tasks.announced import overlap, started, starts_of
from desktop.gui.jobs import Job
from desktop.gui.table.task_actions import Everything
from desktop.gui.tasks.words.refused import skipped_words
from desktop.gui.tasks.words.states import error_words
from desktop.gui.tasks.words.verbs import announced, counted, nothing_to_do

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desktop.client.api import Api, ApiSource
    from desktop.contract.tasks import Skipped, TaskRow
    from desktop.gui.actions.grace_period import GracePeriod
    from desktop.gui.frame.notices.toast import Toast
    from desktop.gui.frame.notices.toasts import Toasts
    from desktop.gui.jobs import Jobs
    from desktop.gui.table.task_actions import Which
    from desktop.gui.tasks.pending_actions import PendingActions

SendVerb = Literal["resend", "to_me", "send_to"]
MOST: Final = 500
"""The most messages that the backend makes in one step, before the first may be sent."""
NAMED: Final = 3
"""The most addresses named in a toast."""


@dataclass(frozen=True, slots=True)
class NewTasks:
    """The new tasks of messages sent again, the first addresses, and the skipped tasks.

    ``aside`` counts the tasks that their batch delays, by reason and queue.
    """

    tasks: list[int]
    to: list[str]
    skipped: list[Skipped] = field(default_factory=list)
    aside: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(eq=False)
class Resending:
    """Messages being sent again: the tasks ``made`` for them, and whether they were undone.

    ``said`` is the verb whose texts are used.
    """

    verb: SendVerb
    which: Which
    said: str
    toast: Toast | None = None
    made: NewTasks | None = None
    undone: bool = False
    key: str = field(default_factory=new_key)

    def words(self, me: str, when: Callable[..., str], left: int) -> str:
        """Say what happens in ``left`` seconds, and to whom; ``me`` is a single address, if known.

        ``when`` is :meth:`Toasts.when`.
        """
        later, now = announced(self.said)
        made = self.made
        if made is not None and not made.tasks:
            said = [nothing_to_do()]
        else:
            count = _count(self.which) if made is None else len(made.tasks)
            what = counted(self.said, count)
            aside = {} if made is None else made.aside
            starts, apart = starts_of({MAIL_QUEUE: count or 1}, aside, when, left)
            words = later.format(what=what, when=starts, to=me) if starts else now.format(to=me)
            said = [words, *apart]
        if made is not None and made.to and self.verb == "resend":
            said.append(", ".join(made.to))
        if made is not None and made.skipped:
            said.append(skipped_words(made.skipped))
        return "\n".join(said)


class SendingAgain(QObject):
    """Sends messages again after the grace period, for which the backend waits.

    The new tasks exist from the start, so the end of the window or backend does not lose them. A
    repeated request during the grace period is ignored.
    """

    def __init__(
        self,
        toasts: Toasts,
        source: ApiSource,
        jobs: Jobs,
        grace: GracePeriod,
        pending: PendingActions,
    ) -> None:
        super().__init__(grace)
        self._pending = pending
        self._toasts = toasts
        self._source = source
        self._jobs = jobs
        self.grace = grace
        self.resendings: list[Resending] = []

    def takes(self, which: Which) -> bool:
        """Tell whether there are few enough tasks for one step."""
        count = _count(which)
        return count is not None and count <= MOST

    def send(self, verb: SendVerb, which: Which) -> None:
        """Send the messages of tasks again."""
        api, grace = self._source.api, self.grace.seconds
        wish = verb, _wish(which)
        if api is None or any((each.verb, _wish(each.which)) == wish for each in self.resendings):
            return
        sent = Resending(verb, which, verb)
        self._announce(sent, self._pending.delivery.me)
        job = Job(_send, api, verb, which, sent.key, grace)
        done, failed = partial(self._on_done, sent), partial(self._on_failed, sent)
        self._jobs.start(job.then(done).otherwise(failed))

    def tell_of_copy(self, task: int, copy: TaskRow) -> None:
        """Announce a copy of a message to another address, which the backend already has."""
        made, to = NewTasks([copy["id"]], []), copy["to"] or ""
        sent = Resending("send_to", [task], "send_to", made=made)
        if self.grace.seconds < 1:
            words = sent.words(to, self._toasts.when, 0)
            self._toasts.show(words, icon="send")
        else:
            self._announce(sent, to)

    def _announce(self, sent: Resending, to: str) -> None:
        """Announce what is sent, with *Undo* in a toast and wherever the tasks are shown."""
        toast = sent.toast = self._toasts.show(
            partial(sent.words, to, self._toasts.when),
            seconds=self.grace.seconds,
            action=self.tr("Undo"),
            icon="send",
        )
        self.resendings.append(sent)
        self._pending.begin(sent.key, started(sent.said, sent.which, _count(sent.which)))
        toast.action_chosen.connect(partial(self._on_undone, sent))
        for ended in (toast.expired, toast.closed):
            ended.connect(partial(self._forget, sent))

    def undo(self, which: Which) -> None:
        """Undo the pending sendings of these tasks, each as a whole."""
        for sent in [each for each in self.resendings if overlap(which, each.which)]:
            self._on_undone(sent)
            if sent.toast is not None:
                self._toasts.close(sent.toast)

    def _forget(self, sent: Resending) -> None:
        if sent in self.resendings:
            self.resendings.remove(sent)
            self._pending.end(sent.key)

    def _on_undone(self, sent: Resending) -> None:
        self._forget(sent)
        sent.undone = True
        if sent.made is not None:
            self.grace.take_back(sent.made.tasks)

    def _on_done(self, sent: Resending, made: NewTasks) -> None:
        sent.made = made
        if sent.undone:
            self.grace.take_back(made.tasks)
        elif sent.toast in self._toasts.shown:
            sent.toast.say_again()
            if not made.tasks:
                sent.toast.end_action()

    def _on_failed(self, sent: Resending, error: Exception) -> None:
        self._forget(sent)
        if sent.toast is not None:
            self._toasts.close(sent.toast)
        self._toasts.show(error_words(error), icon="triangle-alert")


def _count(which: Which) -> int | None:
    return which.count if isinstance(which, Everything) else len(which)


def _wish(which: Which) -> object:
    """Return what two equal requests have in common, if made at different times."""
    return replace(which.query, known_at=None) if isinstance(which, Everything) else which


def _send(api: Api, verb: SendVerb, which: Which, key: str, grace: float) -> NewTasks:
    """Make the new tasks; a single one with a call that explains a refusal."""
    meant = (None, which.query) if isinstance(which, Everything) else (which, None)
    looked = api.many.preview("resend", *meant) if verb == "resend" else None
    aside = {} if looked is None else looked.get("aside", {})
    if not isinstance(which, Everything) and len(which) == 1:
        row = api.resend(which[0], key, to_me=verb == "to_me", delay=grace)
        return NewTasks([row["id"]], _addresses([row["to"]]), aside=aside)
    answer = api.many.act("resend", *meant, key=key, delay=grace)
    tasks = answer.get("ids", [])
    to = next_addresses(api, tasks) if len(tasks) <= NAMED else []
    return NewTasks(tasks, to, answer["skipped"], aside)


def next_addresses(api: Api, tasks: list[int]) -> list[str]:
    """Read the next addresses of these tasks; empty if that fails."""
    with suppress(ClientError):  # the addresses are not essential
        rows = [api.task(task) for task in tasks]
        return _addresses([row["next_to"] or row["to"] for row in rows])
    return []


def _addresses(to: list[str | None]) -> list[str]:
    return [_address(each) for each in to if each]


def _address(to: str) -> str:
    try:
        return parse_mailbox(to).address
    except ValueError:  # written by another version
        return to
