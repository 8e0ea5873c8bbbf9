"""Texts for actions on tasks: named, explained, announced, under way, done, and refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from PySide6.QtCore import QCoreApplication, QLocale

from desktop.contract.office import OfficeReason, OfficeRefusal
from sendoff_tasks.model.causes import ON_THE_WAY
from sendoff_tasks.model.states import Refusal, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sendoff_tasks.model.tasks import BulkAnswer, Skipped


RetryWord = Literal["try_now", "send", "retry"]
translate = QCoreApplication.translate
SEND: Final = "send"
SENDING: Final = frozenset({SEND, "resend", "to_me", "send_to"})
"""The verbs that are about messages."""
TRY_NOW: Final = "try_now"
"""Texts of a *retry*: ``SEND`` for messages that were never sent, ``TRY_NOW`` for waiting tasks."""


def done_word(mail: bool) -> str:
    """Return the name of the action that marks an uncertain task as done."""
    return translate("actions", "It was sent") if mail else translate("actions", "It was done")


def again_word(mail: bool) -> str:
    """Return the name of the action that repeats a task."""
    return translate("actions", "Send again") if mail else translate("actions", "Run again")


def now_word(mail: bool) -> str:
    """Return the name of the action that starts a scheduled task."""
    return translate("actions", "Send now") if mail else translate("actions", "Run now")


def done_effect(mail: bool) -> str:
    """Say what marking a task as done does."""
    if mail:
        return translate("actions", "the task ends here, and nothing else is sent.")
    return translate("actions", "the task ends here and does not run again.")


def again_effect(mail: bool) -> str:
    """Say what repeating uncertain tasks does."""
    if mail:
        return translate(
            "actions",
            "if the first e-mail arrived, the person gets two. If the address was corrected, the"
            " e-mail goes to the new one.",
        )
    return translate("actions", "everything is done once more, from the beginning.")


def seen_effect() -> str:
    """Say what marking failed or uncertain tasks as seen does."""
    return translate("actions", "it stays as it is and needs no more attention; nothing is sent.")


def tip_of(verb: str, effect: str) -> str:
    """Return the tooltip of an action's button: its ``effect`` as a sentence, if it has one."""
    return effect[:1].upper() + effect[1:] if effect else tip_words(verb)


def tip_words(verb: str) -> str:
    """Return the tooltip of a button whose action has no effect that needs a sentence."""
    tips = {
        "cancel": translate("actions", "Keep it from starting, or ask it to stop (Del)"),
        "change_time": translate("actions", "Start it at another time"),
        "correct": translate("actions", "Change the name, the address or the text, and send it"),
        "edit_template": translate("actions", "Change the text that the e-mail is made from"),
        "retry": translate("actions", "Try it again"),
        "run_with": translate("actions", "Run it once more; its values can be changed first"),
        "seen": tip_of("", seen_effect()),
        "send": translate("actions", "Send what practice mode kept"),
        "try_now": translate("actions", "Try it at once"),
        "undo": translate("actions", "Undo what you just asked for (Ctrl+Z)"),
    }
    return tips.get(verb, "")


def resend_effect() -> str:
    """Say what sending messages again does."""
    return translate(
        "actions",
        "each person gets a new e-mail, at the current address or at the one chosen for it.",
    )


def retry_word(verb: RetryWord) -> str:
    """Return the name of a kind of retry."""
    return {
        "try_now": translate("actions", "Try now"),
        "send": translate("actions", "Send"),
        "retry": translate("actions", "Retry"),
    }[verb]


def skipped_words(skipped: Sequence[Skipped]) -> str:
    """Say how many tasks an action skips, and why."""
    counts: dict[str, int] = {}
    for each in skipped:
        counts[each["refusal"]] = counts.get(each["refusal"], 0) + each["count"]
    most = sorted(counts.items(), key=lambda each: -each[1])
    why = ", ".join(_why(refusal, count) for refusal, count in most)
    return translate("verbs", "Left alone: {why}").format(why=why)


def _why(refusal: str, n: int) -> str:
    words = {
        Refusal.SCHEDULED: translate("refusals", "%Ln are scheduled", None, n),
        Refusal.QUEUED: translate("refusals", "%Ln are queued", None, n),
        Refusal.RUNNING: translate("refusals", "%Ln are running", None, n),
        Refusal.WAITING: translate("refusals", "%Ln are waiting", None, n),
        Refusal.SUCCEEDED: translate("refusals", "%Ln are done", None, n),
        Refusal.FAILED: translate("refusals", "%Ln have failed", None, n),
        Refusal.CANCELLED: translate("refusals", "%Ln are cancelled", None, n),
        Refusal.UNCERTAIN: translate("refusals", "%Ln are uncertain", None, n),
        Refusal.NOT_THERE: translate("refusals", "%Ln are gone", None, n),
        Refusal.KEPT: translate("refusals", "%Ln were kept in practice mode", None, n),
        Refusal.PAST_RETURN: translate("refusals", "%Ln can no longer be stopped", None, n),
        Refusal.PAUSED: translate("refusals", "%Ln are in a paused queue", None, n),
        OfficeRefusal.BATCH_PAUSED: translate(
            "refusals", "%Ln start once you resume their batch", None, n
        ),
        OfficeRefusal.BATCH_LIMIT: translate(
            "refusals", "%Ln start once the limit of their batch allows", None, n
        ),
        Refusal.DEADLINE: translate("refusals", "%Ln must be done before that time", None, n),
        Refusal.NO_FUNCTION: translate("refusals", "%Ln have no function to run", None, n),
        Refusal.SAME_KEY: translate("refusals", "%Ln are open under the same key", None, n),
        Refusal.REPEATED: translate("refusals", "%Ln have a newer e-mail", None, n),
        Refusal.UNSEEN: translate(
            "refusals",
            "%Ln failed or are uncertain (choose Mark as seen first)",
            None,
            n,
        ),
        Refusal.AWAITED: translate("refusals", "%Ln have tasks waiting for them", None, n),
        OfficeRefusal.NUMBER_TAKEN: translate(
            "refusals", "%Ln have the number of another", None, n
        ),
    }
    others = translate("refusals", "%Ln for other reasons", None, n)
    return words.get(refusal, others)  # type: ignore[call-overload, no-any-return]


def announced(verb: str) -> str:
    """Return the announcement of an action on ``{what}``.

    The action is carried out in ``{s}`` seconds, or a task starts ``{when}``. The text names the
    address ``{to}`` if the message goes to one.
    """
    return {
        "cancel": translate("verbs", "{what} will be cancelled in {s} s"),
        "done": translate("verbs", "{what} will be marked as done in {s} s"),
        SEND: translate("verbs", "{what} will be sent {when}"),
        TRY_NOW: translate("verbs", "{what} will be tried {when}"),
        "resend": translate("verbs", "{what} will be sent again {when}"),
        "to_me": translate("verbs", "{what} will be sent to {to} {when}"),
        "send_to": translate("verbs", "A copy goes to {to} {when}"),
        "run_now": translate("verbs", "{what} will start {when}"),
        "remove": translate("verbs", "{what} will be removed in {s} s"),
    }.get(verb, translate("verbs", "{what} will run again {when}"))


def coming(verb: str) -> str:
    """Say what will happen to a task while that can be undone."""
    return {
        "cancel": translate("verbs", "Will be cancelled"),
        "done": translate("verbs", "Will be marked as done"),
        SEND: translate("verbs", "Will be sent"),
        TRY_NOW: translate("verbs", "Will be tried"),
        "resend": translate("verbs", "Will be sent again"),
        "to_me": translate("verbs", "Will be sent to you"),
        "send_to": translate("verbs", "A copy will be sent"),
        "run_now": translate("verbs", "Will start"),
        "remove": translate("verbs", "Will be removed"),
    }.get(verb, translate("verbs", "Will run again"))


def carried_out(verb: str) -> str:
    """Say what is being done to a task once it can no longer be undone."""
    return {
        "cancel": translate("verbs", "Cancelling…"),
        "delete": translate("verbs", "Deleting…"),
        "done": translate("verbs", "Marking as done…"),
        "remove": translate("verbs", "Removing…"),
    }.get(verb, translate("verbs", "Queuing…"))


def counted(verb: str, count: int) -> str:
    """Say how many tasks or messages are meant."""
    if verb in SENDING:
        return translate("verbs", "%Ln e-mails", None, count)
    return translate("verbs", "%Ln tasks", None, count)


def nothing_to_do() -> str:
    """Say that none of the tasks allows what was asked for."""
    return translate("verbs", "There is nothing to do")


def after_batch(reason: str) -> str:
    """Say when tasks start that their batch has stopped."""
    if reason == OfficeReason.BATCH_PAUSED:
        return translate("verbs", "once you resume the batch")
    return translate("verbs", "once the limit of the batch allows")


def starts_apart(count: int, when: str) -> str:
    """Say how many of the tasks wait for their queue or batch, and start ``when``."""
    return translate("verbs", "%Ln of them start {when}.", None, count).format(when=when)


def beside(answer: BulkAnswer) -> list[str]:
    """Say what the preview of an action adds to its announcement."""
    said = []
    if stopping := answer.get("stopping", 0):
        said.append(
            translate("verbs", "%Ln are running and will be asked to stop.", None, stopping)
        )
    if kept := answer.get("kept", 0):
        said.append(
            translate("verbs", "%Ln were only kept in practice mode and not sent.", None, kept)
        )
    if answer["skipped"]:
        said.append(skipped_words(answer["skipped"]))
    return said


def under_way(verb: str, done: int, total: int) -> str:
    """Say the progress of an action on many tasks."""
    words = translate("verbs", "{doing} {done} of %Ln tasks", None, total)
    return words.format(doing=carried_out(verb), done=QLocale().toString(done))


def result(verb: str, answer: BulkAnswer) -> str:
    """Say the result of an action on many tasks."""
    touched = answer["touched"]
    queued = translate("verbs", "%Ln tasks were queued", None, touched)
    if verb in SENDING:
        queued = translate("verbs", "%Ln e-mails were queued", None, touched)
    words = {
        "cancel": translate("verbs", "%Ln tasks are cancelled", None, touched),
        "done": translate("verbs", "%Ln tasks are marked as done", None, touched),
        "seen": translate("verbs", "%Ln tasks are marked as seen", None, touched),
        "unseen": translate("verbs", "%Ln tasks are marked as unseen", None, touched),
        "remove": translate("verbs", "%Ln tasks are removed", None, touched),
    }
    stopping = answer.get("stopping", 0)
    said = [words.get(verb, queued)] if touched else [translate("verbs", "Nothing was done")]
    if stopping:
        ended = translate("verbs", "%Ln tasks are cancelled", None, touched - stopping)
        asked = translate("verbs", "%Ln are running and were asked to stop", None, stopping)
        said = [asked] if stopping == touched else [ended, asked]
    if answer["skipped"]:
        said.append(skipped_words(answer["skipped"]))
    return " · ".join(said)


def failed_words(verb: str, answer: BulkAnswer) -> str:
    """Say that an action ended with an error, and what it had done before."""
    error = translate("verbs", "It ended with an error: {}").format(answer["error"])
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
    failed, unsure = outcome.counts[State.FAILED], outcome.counts[State.UNCERTAIN]
    waiting, cancelled = outcome.counts[State.WAITING], outcome.counts[State.CANCELLED]
    said = [
        outcome.sent and translate("verbs", "%Ln sent", None, outcome.sent),
        outcome.kept and translate("verbs", "%Ln kept in practice mode", None, outcome.kept),
        done and translate("verbs", "%Ln done", None, done),
        failed and translate("verbs", "%Ln failed", None, failed),
        unsure and translate("verbs", "%Ln uncertain", None, unsure),
        waiting and translate("verbs", "%Ln waiting for another attempt", None, waiting),
        cancelled and translate("verbs", "%Ln cancelled", None, cancelled),
    ]
    return " · ".join(each for each in said if each)
