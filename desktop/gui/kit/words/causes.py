"""Texts for causes (what failures have in common) and for what helps against them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.contract.causes import CauseKind, Cure
from desktop.contract.reasons import PAUSED, Reason
from desktop.gui.kit.words.reasons import meaning_of, queue_title

if TYPE_CHECKING:
    from desktop.contract.causes import CauseAbout

translate = QCoreApplication.translate


def cause_words(about: CauseAbout, title: str) -> str:
    """Name a cause; ``title`` is the backend's own text for causes without enough data."""
    server = about.get("server", "")
    match about.get("kind"):
        case CauseKind.EXCEPTION:
            return _exception(about)
        case CauseKind.TIMEOUT:
            return translate("causes", "Timed out")
        case CauseKind.SAID if not about.get("text"):
            return translate("causes", "Different messages")
        case CauseKind.REASON if about.get("reason") in _PAUSES:
            return _paused(about)
        case CauseKind.REASON if server and about.get("reason") in _OF_SERVER:
            return translate("causes", _OF_SERVER[about["reason"]]).format(server)
        case CauseKind.REASON if about.get("reason") in _PLAIN:
            return translate("causes", _PLAIN[about["reason"]])
        case CauseKind.REASON if about.get("code") == _WRONG_PASSWORD:
            refused = translate("causes", "{} refused the user name or password ({})")
            return refused.format(server, about["code"])
        case CauseKind.ANSWER if meaning := meaning_of(about.get("said", "")):
            return f"{meaning} · {about['said']}"
        case _:
            return about.get("text") or title


def brief_cause_words(about: CauseAbout, title: str) -> str:
    """Name a cause in a cell or a bar: what a server's answer means, or else the answer alone."""
    is_answer = about.get("kind") == CauseKind.ANSWER
    said = about.get("said", "") if is_answer else ""
    return meaning_of(said) or said or cause_words(about, title)


def short_cause_words(about: CauseAbout, title: str) -> str:
    """Name a cause on a chip."""
    return shortened(brief_cause_words(about, title))


def shortened(words: str) -> str:
    """Cut a text to fit on a chip, or beside others in a cell."""
    return words if len(words) <= _SHORT else f"{words[: _SHORT - 1]}…"


def cure_words(cure: str | None, *, is_paused: bool = False, is_held: bool = False) -> str:
    """Say what helps against a cause; ``None`` means that its tasks are retried automatically."""
    if cure is None and is_held:
        return translate("causes", "Retrying once the queue continues")
    if cure is None and is_paused:
        return translate("causes", "Retrying after the pause")
    if cure is None:
        return translate("causes", "Retrying automatically")
    return translate("causes", _CURES[cure]) if cure in _CURES else ""


def _paused(about: CauseAbout) -> str:
    match about.get("reason"):
        case Reason.BATCH_PAUSED:
            name = about.get("batch") or str(about.get("batch_id", ""))
            return translate("causes", "The batch {} is paused").format(name)
        case Reason.ALL_PAUSED:
            return translate("causes", "Everything is paused")
        case _:
            queue = queue_title(about.get("queue", ""))
            return translate("causes", "The queue {} is paused").format(queue)


def _exception(about: CauseAbout) -> str:
    where = translate("causes", "{exception} in {function} ({file})").format(
        exception=about.get("exception", ""),
        function=about.get("function", ""),
        file=about.get("file", ""),
    )
    return f"{where}: {about['text']}" if about.get("text") else where


_SHORT: Final = 60
"""Characters of a cause on the chip above its tasks, or in the row of a batch."""
_WRONG_PASSWORD: Final = 535
_PAUSES: Final = PAUSED | {Reason.BATCH_PAUSED}
_OF_SERVER: Final[dict[str, Any]] = {
    Reason.NO_ANSWER: QT_TRANSLATE_NOOP("causes", "No answer from {}"),
    Reason.CUT_SHORT: QT_TRANSLATE_NOOP("causes", "The program ended before {} answered"),
    Reason.STOPPED_BY_PERSON: QT_TRANSLATE_NOOP(
        "causes", "Cancelled by a person before {} answered"
    ),
    Reason.OFFLINE: QT_TRANSLATE_NOOP("causes", "{} cannot be reached"),
    Reason.QUOTA: QT_TRANSLATE_NOOP("causes", "{} accepts no more messages for now"),
}
_PLAIN: Final[dict[str, Any]] = {
    Reason.NO_ANSWER: QT_TRANSLATE_NOOP("causes", "No answer"),
    Reason.CUT_SHORT: QT_TRANSLATE_NOOP("causes", "The program ended before there was an answer"),
    Reason.STOPPED_BY_PERSON: QT_TRANSLATE_NOOP(
        "causes", "Cancelled by a person before there was an answer"
    ),
    Reason.MAY_BE_DONE: QT_TRANSLATE_NOOP("causes", "May have been done before"),
    Reason.QUOTA: QT_TRANSLATE_NOOP("causes", "The server accepts no more messages for now"),
    Reason.NO_ROOM: QT_TRANSLATE_NOOP("causes", "All workers were busy"),
    Reason.ALONE_AFTER_CRASH: QT_TRANSLATE_NOOP("causes", "Cut short twice"),
    Reason.HELD_FOR_FUNCTION: QT_TRANSLATE_NOOP("causes", "The task's function is missing"),
    Reason.HELD_AFTER_CRASHES: QT_TRANSLATE_NOOP("causes", "Cut short three times"),
    Reason.DEADLINE_PASSED: QT_TRANSLATE_NOOP("causes", "Not done by the deadline"),
    Reason.FINAL_ANSWER: QT_TRANSLATE_NOOP("causes", "A permanent error"),
    Reason.ATTEMPTS_USED_UP: QT_TRANSLATE_NOOP("causes", "All attempts are used up"),
    Reason.RETRY_LATER: QT_TRANSLATE_NOOP("causes", "The last attempt failed"),
}
_CURES: Final[dict[str, Any]] = {
    Cure.MAIL_SETTINGS: QT_TRANSLATE_NOOP("causes", "Open mail settings"),
    Cure.CORRECT_ADDRESS: QT_TRANSLATE_NOOP("causes", "Correct addresses"),
    Cure.TASKS_FOLDER: QT_TRANSLATE_NOOP("causes", "Open tasks folder"),
    Cure.EDIT_TEMPLATE: QT_TRANSLATE_NOOP("causes", "Edit template…"),
    Cure.RETRY: QT_TRANSLATE_NOOP("causes", "Retry"),
    Cure.RESOLVE: QT_TRANSLATE_NOOP("causes", "Confirm what happened"),
    Cure.RESUME: QT_TRANSLATE_NOOP("causes", "Resume"),
}
