"""Texts for tasks that an action skips, with the reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.contract.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop.contract.tasks import Skipped

translate = QCoreApplication.translate


def skipped_words(skipped: Sequence[Skipped]) -> str:
    """Say how many tasks an action skips, and why."""
    counts: dict[str, int] = {}
    for each in skipped:
        counts[each["refusal"]] = counts.get(each["refusal"], 0) + each["count"]
    return left_alone_words(counts)


def left_alone_words(counts: Mapping[str, int]) -> str:
    """Say how many tasks an action leaves alone, by state or refusal."""
    return translate("verbs", "Left alone: {why}").format(why=how_many(counts))


def how_many(counts: Mapping[str, int]) -> str:
    """List how many tasks are in which state or refused for which reason, largest first."""
    most = sorted(counts.items(), key=lambda each: -each[1])
    return ", ".join(_why(refusal, count) for refusal, count in most)


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
        Refusal.BATCH_PAUSED: translate(
            "refusals", "%Ln start once you resume their batch", None, n
        ),
        Refusal.BATCH_LIMIT: translate(
            "refusals", "%Ln start once the limit of their batch allows", None, n
        ),
        Refusal.DEADLINE: translate("refusals", "%Ln must be done before that time", None, n),
        Refusal.NO_FUNCTION: translate("refusals", "%Ln have no function to run", None, n),
        Refusal.SAME_KEY: translate("refusals", "%Ln are open under the same key", None, n),
        Refusal.REPEATED: translate("refusals", "%Ln have a newer message", None, n),
        Refusal.UNSEEN: translate(
            "refusals",
            "%Ln failed or are uncertain (choose Mark as seen first)",
            None,
            n,
        ),
        Refusal.AWAITED: translate("refusals", "%Ln have tasks waiting for them", None, n),
    }
    others = translate("refusals", "%Ln for other reasons", None, n)
    return words.get(refusal, others)  # type: ignore[call-overload, no-any-return]
