"""Messages that a person sends again: on disk at once, and taken back by *Undo*."""

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
from desktop.gui.actions.tasks.announced import is_part, started, starts_of
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
    from desktop.gui.tasks.soon import Soon

SendVerb = Literal["resend", "to_me", "send_to"]
MOST: Final = 500
"""Messages that the backend makes in one step: all are there before the first may leave."""
NAMED: Final = 3
"""Addresses that are said at most."""


@dataclass(frozen=True, slots=True)
class Made:
    """The new tasks of what is sent again, to whom the first of them go, and what was left out.

    ``aside`` counts those that their batch keeps from starting, by reason and queue.
    """

    tasks: list[int]
    to: list[str]
    skipped: list[Skipped] = field(default_factory=list)
    aside: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(eq=False)
class Sent:
    """What is sent again, what was ``made`` of it once that is known, and whether it is undone."""

    verb: SendVerb
    which: Which
    toast: Toast | None = None
    made: Made | None = None
    undone: bool = False
    key: str = field(default_factory=new_key)

    def words(self, me: str, when: Callable[..., str], left: int) -> str:
        """Say what happens, and to whom; ``me`` is the address it goes to, where there is one.

        ``when`` is :meth:`Toasts.when`.
        """
        later, now = announced(self.verb)
        made = self.made
        if made is not None and not made.tasks:
            said = [nothing_to_do()]
        else:
            count = _count(self.which) if made is None else len(made.tasks)
            what = counted(self.verb, count)
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
    """Sends messages again after the grace period, which the backend waits out.

    The new tasks are there from the start: neither the end of the window nor of the backend loses
    them. The same wish once more during that time is the first one.
    """

    def __init__(
        self, toasts: Toasts, source: ApiSource, jobs: Jobs, grace: GracePeriod, marks: Soon
    ) -> None:
        super().__init__(grace)
        self._marks = marks
        self._toasts = toasts
        self._source = source
        self._jobs = jobs
        self._grace = grace
        self.soon: list[Sent] = []

    def takes(self, which: Which) -> bool:
        """Tell whether they are few enough to be made in one step."""
        count = _count(which)
        return count is not None and count <= MOST

    def send(self, verb: SendVerb, which: Which, me: str) -> None:
        """Send what tasks have sent again; ``me`` is the sender's address."""
        api, grace = self._source.api, self._grace.grace_seconds
        wish = verb, _wish(which)
        if api is None or any((each.verb, _wish(each.which)) == wish for each in self.soon):
            return
        sent = Sent(verb, which)
        self._announce(sent, me)
        job = Job(_send, api, verb, which, sent.key, grace)
        done, failed = partial(self._on_done, sent), partial(self._on_failed, sent)
        self._jobs.start(job.then(done).otherwise(failed))

    def tell_of_copy(self, task: int, copy: TaskRow) -> None:
        """Say that a copy of a message goes to another address, once the backend has it."""
        made, to = Made([copy["id"]], []), copy["to"] or ""
        sent = Sent("send_to", [task], made=made)
        if self.grace_seconds < 1:
            words = sent.words(to, self._toasts.when, 0)
            self._toasts.show(words, icon="send")
        else:
            self._announce(sent, to)

    @property
    def grace_seconds(self) -> float:
        """How long it can be undone."""
        return self._grace.grace_seconds

    def _announce(self, sent: Sent, to: str) -> None:
        """Say what is sent, with *Undo* in a toast and wherever its tasks are shown."""
        toast = sent.toast = self._toasts.show(
            partial(sent.words, to, self._toasts.when),
            seconds=self.grace_seconds,
            action=self.tr("Undo"),
            icon="send",
        )
        self.soon.append(sent)
        self._marks.begin(sent.key, started(sent.verb, sent.which, _count(sent.which)))
        toast.action_chosen.connect(partial(self._on_undone, sent))
        for ended in (toast.expired, toast.closed):
            ended.connect(partial(self._forget, sent))

    def undo(self, which: Which) -> None:
        """Take back what was started on these tasks, whole, as its toast does."""
        for sent in [each for each in self.soon if is_part(which, each.which)]:
            self._on_undone(sent)
            if sent.toast is not None:
                self._toasts.close(sent.toast)

    def _forget(self, sent: Sent) -> None:
        if sent in self.soon:
            self.soon.remove(sent)
            self._marks.end(sent.key)

    def _on_undone(self, sent: Sent) -> None:
        self._forget(sent)
        sent.undone = True
        if sent.made is not None:
            self._grace.take_back(sent.made.tasks)

    def _on_done(self, sent: Sent, made: Made) -> None:
        sent.made = made
        if sent.undone:
            self._grace.take_back(made.tasks)
        elif sent.toast in self._toasts.shown:
            sent.toast.say_again()
            if not made.tasks:
                sent.toast.end_action()

    def _on_failed(self, sent: Sent, error: Exception) -> None:
        self._forget(sent)
        if sent.toast is not None:
            self._toasts.close(sent.toast)
        self._toasts.show(error_words(error), icon="triangle-alert")


def _count(which: Which) -> int | None:
    return which.count if isinstance(which, Everything) else len(which)


def _wish(which: Which) -> object:
    """Return what two wishes for the same have in common, be they a moment apart."""
    return replace(which.query, known_at=None) if isinstance(which, Everything) else which


def _send(api: Api, verb: SendVerb, which: Which, key: str, grace: float) -> Made:
    """Have the new tasks made; those of one message by a call that says why it is refused."""
    meant = (None, which.query) if isinstance(which, Everything) else (which, None)
    looked = api.many.preview("resend", *meant) if verb == "resend" else None
    aside = {} if looked is None else looked.get("aside", {})
    if not isinstance(which, Everything) and len(which) == 1:
        row = api.resend(which[0], key, to_me=verb == "to_me", delay=grace)
        return Made([row["id"]], _addresses([row["to"]]), aside=aside)
    answer = api.many.act("resend", *meant, key=key, delay=grace)
    tasks = answer.get("ids", [])
    to = next_addresses(api, tasks) if len(tasks) <= NAMED else []
    return Made(tasks, to, answer["skipped"], aside)


def next_addresses(api: Api, tasks: list[int]) -> list[str]:
    """Read whom the messages of these tasks go to when they leave next; none where that fails."""
    with suppress(ClientError):  # they leave, named or not
        rows = [api.task(task) for task in tasks]
        return _addresses([row["next_to"] or row["to"] for row in rows])
    return []


def _addresses(to: list[str | None]) -> list[str]:
    return [_address(each) for each in to if each]


def _address(to: str) -> str:
    try:
        return parse_mailbox(to).address
    except ValueError:  # as another version wrote it
        return to
