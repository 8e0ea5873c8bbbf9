"""Texts for actions on tasks: named, explained, announced, under way, done, and refused."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from desktop.contract.items import MAIL_QUEUE
from desktop.gui.kit.words.plurals import figure
from desktop.gui.kit.words.table import WORDS, say
from sendoff_tasks.model.causes import ON_THE_WAY
from sendoff_tasks.model.states import State
from sendoff_tasks.words import reasons
from sendoff_tasks.words.table import of_queue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sendoff_tasks.model.tasks import BulkAnswer, Skipped


SEND: Final = "send"
SENDING: Final = frozenset({SEND, "resend", "to_me", "send_to"})
"""The verbs that are about messages."""
ELSEWHERE: Final = frozenset({"to_me", "send_to"})
"""Those whose messages go to an address of their own."""
TRY_NOW: Final = "try_now"
"""Texts of a *retry*: ``SEND`` for messages that were never sent, ``TRY_NOW`` for waiting tasks."""


def _kind(mail: bool) -> str:
    return of_queue(MAIL_QUEUE) if mail else ""


def action_word(verb: str, mail: bool = False) -> str:
    """Return the name of an action, as on its button."""
    return say("action", verb, _kind(mail))


def effect_of(verb: str, mail: bool = False) -> str:
    """Say what an action does that a person should know before; it follows its name."""
    return WORDS.fill("effect", verb, [_kind(mail)])


def tip_of(verb: str, effect: str) -> str:
    """Return the tooltip of an action's button: its ``effect`` as a sentence, if it has one."""
    return effect[:1].upper() + effect[1:] if effect else tip_words(verb)


def tip_words(verb: str) -> str:
    """Return the tooltip of a button whose action has no effect that needs a sentence."""
    return tip_of(verb, effect_of("seen")) if verb == "seen" else WORDS.fill("tip", verb)


def skipped_words(skipped: Sequence[Skipped]) -> str:
    """Say how many tasks an action skips, and why."""
    counts = Counter[str]()
    for each in skipped:
        counts[each["refusal"]] += each["count"]
    why = (reasons.skipped_words(WORDS, refusal, n) for refusal, n in counts.most_common())
    return say("beside", "skipped", why=", ".join(why))


ENDING: Final = frozenset({"cancel", "done", "remove", "delete", "seen", "unseen"})
"""Verbs that are over when they are carried out; all others queue tasks."""


def tailed(verb: str, *tail: str) -> str:
    """Return the name of an action with how far it is: *Cancel · 3 tasks · in 5 s*.

    It is that of its act: the button *It was done* says what is true, not what is being done.
    """
    subject = "act" if ("act", verb) in WORDS.rows else "action"
    return " · ".join(filter(None, [say(subject, verb).rstrip("…"), *tail]))


def coming(verb: str) -> str:
    """Say what will happen to a task while that can be undone."""
    return tailed(verb, say("tail", "soon"))


def carried_out(verb: str) -> str:
    """Say what is being done to a task once it can no longer be undone."""
    return tailed(verb, say("tail", "now"))


def counted(verb: str, count: int) -> str:
    """Say how many tasks or messages are meant."""
    return say("count", "e-mails" if verb in SENDING else "tasks", n=count)


def after_batch(reason: str) -> str:
    """Say when tasks start that their batch has stopped."""
    is_known = ("after_batch", reason) in WORDS.rows
    return say("after_batch", reason if is_known else "other")


def beside(answer: BulkAnswer) -> list[str]:
    """Say what an action does besides, or has done."""
    counts = {"stopping": answer.get("stopping", 0), "kept": answer.get("kept", 0)}
    said = [say("beside", name, n=n) for name, n in counts.items() if n]
    return [*said, skipped_words(answer["skipped"])] if answer["skipped"] else said


def under_way(verb: str, done: int, total: int) -> str:
    """Say the progress of an action on many tasks."""
    return tailed(verb, say("tail", "of", n=total, done=figure(done)))


def result(verb: str, answer: BulkAnswer) -> str:
    """Say the result of an action on many tasks."""
    count = answer["touched"] - answer.get("stopping", 0)
    said = tailed(verb, *_counted_done(verb, count)) if count else ""
    nothing = "" if answer["touched"] else say("tail", "nothing")
    return " · ".join(filter(None, [said or nothing, *beside({**answer, "kept": 0})]))


def failed_words(verb: str, answer: BulkAnswer) -> str:
    """Say that an action ended with an error, and how much it had done before."""
    done = _counted_done(verb, answer["touched"]) if answer["touched"] else ()
    return tailed(verb, *done, say("tail", "failed", error=answer["error"]))


def _counted_done(verb: str, count: int) -> tuple[str, str]:
    """Say how many tasks an action has ended or queued."""
    return counted(verb, count), say("tail", "done" if verb in ENDING else "queued")


class RetryOutcome(NamedTuple):
    """The outcome of tasks that were tried again: their states, and the numbers of failed ones.

    Of the succeeded tasks, ``sent`` counts messages that were sent and ``kept`` those that practice
    mode kept.
    """

    counts: Mapping[str, int]
    sent: int = 0
    kept: int = 0
    failed: tuple[int, ...] = ()

    @property
    def is_under_way(self) -> bool:
        """Whether some of them still have an attempt to come."""
        return any(self.counts[state] for state in ON_THE_WAY)


def retried_words(outcome: RetryOutcome) -> str:
    """Say the outcome of tasks that were tried again: *97 sent · 3 failed*."""
    done = outcome.counts[State.SUCCEEDED] - outcome.sent - outcome.kept
    ends = (State.FAILED, State.UNCERTAIN, State.WAITING, State.CANCELLED)
    counts = {"sent": outcome.sent, "kept": outcome.kept, "done": done}
    counts |= {state: outcome.counts[state] for state in ends}
    return " · ".join(say("count", name, n=n) for name, n in counts.items() if n)
