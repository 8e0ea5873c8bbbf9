"""Texts of the backend's notices, in the window's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.gui.kit.words.reasons import WRONG_PASSWORD
from desktop.gui.kit.words.states import sentences
from desktop.gui.kit.words.table import WORDS, say
from sendoff_tasks.model.events import NoticeId
from sendoff_tasks.model.reasons import OUTAGES
from sendoff_tasks.words.reasons import error_words, notice_words, refused_words

if TYPE_CHECKING:
    from collections.abc import Collection

    from sendoff_tasks.model.events import Notice
    from sendoff_tasks.model.reasons import ReasonData


def told(notice: Notice, now: float) -> str:
    """Say the text of a notice."""
    if "refusal" in notice:
        said = refused_words(WORDS, notice["refusal"], notice.get("data", {}))
        return sentences(said or notice["text"])
    data: ReasonData = {"text": notice["text"], **notice.get("reason_data", {})}
    reason = notice.get("reason", "")
    said = notice_words(WORDS, reason, data, now) if reason in OUTAGES else ""
    return sentences(said or error_words(WORDS, data["text"], data) or notice["text"])


def hold_words(notice: Notice, now: float) -> str:
    """Say that a queue is on hold, and why."""
    queue = notice["id"].removeprefix(NoticeId.QUEUE)
    if notice["action"] not in {"mail_settings", "sign_in"}:
        text = told(notice, now).rstrip(".")
        return sentences(say("notice", "held", queue=WORDS.queue(queue), text=text))
    is_login = notice.get("reason_data", {}).get("code") == WRONG_PASSWORD
    text = told(notice, now).rstrip(".")
    return sentences(say("notice", "login" if is_login else "mail_held", text=text))


def paused_words(pauses: Collection[str]) -> str:
    """Say in a word or two what is paused, by the ids of notices; empty for nothing."""
    if not pauses:
        return ""
    if NoticeId.PAUSED in pauses:
        return say("stopped", "all")
    return say("stopped", "queues", n=len(pauses))
