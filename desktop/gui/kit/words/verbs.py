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
TRY_NOW: Final = "try_now"
"""Texts of a *retry*: ``SEND`` for messages that were never sent, ``TRY_NOW`` for waiting tasks."""


def _kind(mail: bool) -> str:
    return of_queue(MAIL_QUEUE) if mail else ""


def action_word(verb: str, mail: bool = False) -> str:
    """Return the name of an action, as on its button."""
    return say("action", verb, _kind(mail))


def effect_of(verb: str, mail: bool = False) -> str:
    """Say what an action does that a person should know before; it follows its name."""
    return say("effect", verb, _kind(mail))


def tip_of(verb: str, effect: str) -> str:
    """Return the tooltip of an action's button: its ``effect`` as a sentence, if it has one."""
    return effect[:1].upper() + effect[1:] if effect else tip_words(verb)


def tip_words(verb: str) -> str:
    """Return the tooltip of a button whose action has no effect that needs a sentence."""
    return tip_of(verb, effect_of("seen")) if verb == "seen" else say("tip", verb)


def skipped_words(skipped: Sequence[Skipped]) -> str:
    """Say how many tasks an action skips, and why."""
    counts = Counter[str]()
    for each in skipped:
        counts[each["refusal"]] += each["count"]
    why = (reasons.skipped_words(WORDS, refusal, n) for refusal, n in counts.most_common())
    return say("beside", "skipped", why=", ".join(why))


def _of(subject: str, verb: str, n: int | None = None) -> str:
    """Say the row of a verb, else that of all others."""
    return say(subject, verb, n=n) or say(subject, "other", n=n)


def announced(verb: str) -> str:
    """Return the announcement of an action on ``{what}``.

    The action is carried out in ``{s}`` seconds, or a task starts ``{when}``. The text names the
    address ``{to}`` if the message goes to one.
    """
    rows = WORDS.rows
    return WORDS.text(rows.get(("announced", verb)) or rows["announced", "other"], None)


def coming(verb: str) -> str:
    """Say what will happen to a task while that can be undone."""
    return _of("coming", verb)


def carried_out(verb: str) -> str:
    """Say what is being done to a task once it can no longer be undone."""
    return _of("acting", verb)


def counted(verb: str, count: int) -> str:
    """Say how many tasks or messages are meant."""
    return say("count", "e-mails" if verb in SENDING else "tasks", n=count)


def nothing_to_do() -> str:
    """Say that none of the tasks allows what was asked for."""
    return say("beside", "nothing")


def after_batch(reason: str) -> str:
    """Say when tasks start that their batch has stopped."""
    return _of("after_batch", reason)


def starts_apart(count: int, when: str) -> str:
    """Say how many of the tasks wait for their queue or batch, and start ``when``."""
    return say("beside", "apart", n=count, when=when)


def beside(answer: BulkAnswer) -> list[str]:
    """Say what the preview of an action adds to its announcement."""
    counts = {"stopping": answer.get("stopping", 0), "kept": answer.get("kept", 0)}
    said = [say("beside", name, n=n) for name, n in counts.items() if n]
    return [*said, skipped_words(answer["skipped"])] if answer["skipped"] else said


def under_way(verb: str, done: int, total: int) -> str:
    """Say the progress of an action on many tasks."""
    return say("acting", "progress", n=total, doing=carried_out(verb), done=figure(done))


def result(verb: str, answer: BulkAnswer) -> str:
    """Say the result of an action on many tasks."""
    touched, stopping = answer["touched"], answer.get("stopping", 0)
    ended = _of("acted", "sent" if verb in SENDING else verb, n=touched - stopping)
    said = [ended] if touched > stopping else []
    if stopping:
        said.append(say("acted", "asked", n=stopping))
    if answer["skipped"]:
        said.append(skipped_words(answer["skipped"]))
    return " · ".join(said if touched else [say("acted", "nothing"), *said])


def failed_words(verb: str, answer: BulkAnswer) -> str:
    """Say that an action ended with an error, and what it had done before."""
    error = say("acting", "failed", error=answer["error"])
    return f"{carried_out(verb)} {result(verb, answer)}\n{error}"


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
