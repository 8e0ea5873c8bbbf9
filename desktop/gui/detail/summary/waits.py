"""Sentences about what a task waits for: its server, its next attempt, the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.contract.reasons import Reason
from desktop.contract.states import State
from desktop.gui.tasks.task_row import epoch
from desktop.gui.tasks.words.reasons import hold_words, reason_words
from desktop.gui.tasks.words.states import sentences, template_word
from desktop.gui.words.ages import day_and_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.tasks.task_row import Row

translate = QCoreApplication.translate


def what_server_said(row: Row, now: float) -> str:
    """Say since when a server accepts nothing, with its answer, and that there is nothing to do."""
    since = day_and_time(epoch(row.data.get("since")) or now, now)
    if row.reason == Reason.OFFLINE:
        found = translate("headline", "No connection since {}").format(since)
    else:
        found = translate("headline", "The limit was reached at {}").format(since)
    return sentences(f"{found}: {row.data.get('text', '')}", _server_is_tried(row, now))


def _server_is_tried(row: Row, now: float) -> str:
    moment = epoch(row.data.get("until")) or now
    if row.reason == Reason.OFFLINE or moment <= now:
        return translate(
            "headline",
            "Nothing to do: Sendoff keeps trying with one task, and the others follow. No attempt"
            " is used up.",
        )
    words = translate(
        "headline",
        "Nothing to do: Sendoff tries again at {} with one task, and the others follow. No attempt"
        " is used up.",
    )
    return words.format(day_and_time(moment, now))


def capital(text: str, server: str = "") -> str:
    """Capitalize the first letter of a text, unless it begins with the name of a server."""
    return text if server and text.startswith(server) else text[:1].upper() + text[1:]


def what_waiting_needs(row: Row, *, may_act: bool) -> str:
    """Say that the task is tried again automatically, or what it needs to continue.

    Without ``may_act``, no button is named.
    """
    held_needs = what_held_needs(row) if may_act else ""
    if row.run_at is None:
        return held_needs
    if row.is_held_till:
        return sentences(hold_words(row.data["on_hold"]), held_needs)
    if row.is_paused_till:
        return what_pause_needs(row, may_act=may_act)
    left = row.max_attempts - row.attempt
    return translate(
        "headline", "Nothing to do: Sendoff tries by itself, %Ln more times.", None, left
    )


def what_pause_needs(row: Row, *, may_act: bool) -> str:
    """Say how the pause of a task ends."""
    if not may_act:
        return translate("headline", "It continues once it is resumed.")
    if row.is_batch_paused:
        return translate("headline", "It continues when you resume its batch.")
    return translate("headline", "It continues when you press Resume.")


def what_held_needs(row: Row) -> str:
    """Say what a task on hold needs; only a queue on hold has ways other than *Try now*."""
    if row.awaits_function:
        return translate("headline", "It continues by itself once its function is there again.")
    if row.is_fixed:
        return translate("headline", "What was missing is there now. Press Try now.")
    if row.awaits_template:
        return translate("headline", "Press Edit template… to correct it, then send the message.")
    if row.is_mail and (row.behind_held_queue or row.is_held_till):
        if row.state == State.SCHEDULED:
            return translate(
                "headline",
                "It continues after a successful test e-mail, after working mail settings are"
                " saved, after a restart, or when you press Try now at a message that is on hold.",
            )
        return translate(
            "headline",
            "It continues after a successful test e-mail, after working mail settings are saved,"
            " after a restart, or when you press Try now.",
        )
    if row.state == State.SCHEDULED:
        return translate(
            "headline", "Fix the problem, then press Try now at a task that is on hold."
        )
    fix = translate("headline", "Fix the problem, then press Try now.")
    if not row.is_mail or row.for_person:
        return fix
    also = translate(
        "headline",
        "If it was the mail server, it also continues after a successful test e-mail, after saving"
        " the mail settings, or after a restart.",
    )
    return sentences(fix, also)


def cannot_be_made(
    row: Row, now: float, lacks: Sequence[str], template: str, *, may_act: bool
) -> str:
    """Say which fields a message lacks, and what to do about it."""
    cure = translate("headline", "Press Correct… to fill that in, or change the template.")
    if row.awaits_template:
        cure = translate("headline", "Press Correct… to fill in what is missing, or Edit template…")
    elif len(lacks) > 1:
        cure = translate("headline", "Press Correct… to fill them in, or change the template.")
    why = "" if row.for_person else capital(reason_words(row, now))
    return sentences(why, lacking(lacks, template), cure if may_act else "")


def lacking(fields: Sequence[str], template: str = "") -> str:
    """Say which fields a message lacks, and which template asks for them."""
    named = translate("headline", "the template “{}”").format(template_word(template))
    asks = named if template else translate("headline", "its template")
    words = translate("headline", "It cannot be sent: {template} asks for “{}”.")
    if len(fields) > 1:
        words = translate("headline", "It cannot be sent: {template} asks for “{}” and “{last}”.")
    words = words.replace("{template}", asks).replace("{last}", fields[-1])
    return words.replace("{}", "”, “".join(fields[:-1] or fields))
