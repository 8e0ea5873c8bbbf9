"""Names of actions on tasks, and explanations of what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QCoreApplication

from desktop.contract.rules.mailbox import written_address
from desktop.contract.states import State
from desktop.gui.kit.words.states import next_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.kit.words.task_row import Row

translate = QCoreApplication.translate
NOT_BEGUN: Final = frozenset({State.WAITING, State.QUEUED})
Retry = Literal["try_now", "send", "retry"]


def done_word(mail: bool) -> str:
    """Return the name of the action that marks an uncertain task as done."""
    return translate("actions", "It was sent") if mail else translate("actions", "It was done")


def again_word(mail: bool) -> str:
    """Return the name of the action that repeats a task."""
    return translate("actions", "Send again") if mail else translate("actions", "Run again")


def to_me_word(me: str) -> str:
    """Return the name of the action that sends a copy to the sender, with the address if known."""
    word = translate("actions", "Send to me")
    return translate("actions", "{} ({})").format(word, written_address(me)) if me else word


def done_effect(mail: bool) -> str:
    """Say what marking a task as done does."""
    if mail:
        return translate("actions", "the task ends here, and no other e-mail is sent.")
    return translate("actions", "the task ends here and does not run again.")


def again_effect(rows: Sequence[Row], among: int, mail: bool) -> str:
    """Say what repeating does to ``among`` uncertain tasks, and for whom."""
    if not mail and among > 1:
        return translate("actions", "each runs once more from its beginning.")
    if not mail:
        return translate("actions", "it runs once more from its beginning.")
    if not any(row.goes_elsewhere for row in rows):
        if among > 1:
            return translate(
                "actions",
                "each is sent once more as the same message; if both arrive, there are two.",
            )
        return translate(
            "actions",
            "it is sent once more as the same message; if both arrive, there are two.",
        )
    if among == 1:
        return translate(
            "actions",
            "it goes to {}, as a new message; the first one may have arrived at the earlier"
            " address.",
        ).format(next_address(rows[0]))
    return translate(
        "actions",
        "each is sent once more as the same message; if both arrive, there are two. If the"
        " address was corrected, it goes to that one, as a new message.",
    )


def tip_of(verb: str, effect: str) -> str:
    """Return the tooltip of an action's button: its ``effect`` as a sentence, if it has one."""
    return effect[:1].upper() + effect[1:] if effect else tip_words(verb)


def tip_words(verb: str) -> str:
    """Return the tooltip of a button whose action has no effect that needs a sentence."""
    tips = {
        "cancel": translate("actions", "Keep it from starting, or ask it to stop (Del)"),
        "change_time": translate("actions", "Start it at another time"),
        "correct": translate("actions", "Change the name, the address or the text, and send it"),
        "edit_template": translate("actions", "Change the text that the message is made from"),
        "retry": translate("actions", "Try it again"),
        "run_with": translate("actions", "Run it once more; its values can be changed first"),
        "seen": translate("actions", "It needs no more attention; nothing is sent"),
        "send": translate("actions", "Send what practice mode kept"),
        "try_now": translate("actions", "Try it at once"),
        "undo": translate("actions", "Undo what you just asked for (Ctrl+Z)"),
    }
    return tips.get(verb, "")


def retry_effect(rows: Sequence[Row]) -> str:
    """Say to whom a retry goes if the address was corrected; else empty."""
    to = [next_address(row) for row in rows if next_address(row)]
    if not to:
        return ""
    if len(rows) == 1:
        return translate("actions", "it goes to {}, as corrected.").format(to[0])
    return translate("actions", "%Ln go to a corrected address.", None, len(to))


def asked_effect() -> str:
    """Say why a running task cannot be cancelled once more."""
    return translate("actions", "it was already asked to stop, and may finish first.")


def resend_effect(among: int) -> str:
    """Say what sending ``among`` messages again does."""
    if among > 1:
        return translate(
            "actions",
            "each is sent once more as a new message, to the address that its item has now or to"
            " the other address that was chosen for it.",
        )
    return translate(
        "actions",
        "it is sent once more as a new message, to the address that its item has now or to the"
        " other address that was chosen for it.",
    )


def retry_verb(rows: Sequence[Row]) -> Retry:
    """Return the kind of retry for these tasks."""
    if all(row.state in NOT_BEGUN for row in rows):
        return "try_now"
    return "send" if all(row.kept for row in rows) else "retry"


def retry_word(verb: Retry) -> str:
    """Return the name of a kind of retry."""
    return {
        "try_now": translate("actions", "Try now"),
        "send": translate("actions", "Send"),
        "retry": translate("actions", "Retry"),
    }[verb]


def cancel_effect(rows: Sequence[Row]) -> str:
    """Say what a cancel does to running tasks; empty if none runs."""
    if not any(row.state == State.RUNNING for row in rows):
        return ""
    if any(row.is_mail for row in rows):
        return translate(
            "actions", "running tasks are asked to stop; a message that was handed over stays sent."
        )
    return translate("actions", "running tasks are asked to stop, and may finish first.")
