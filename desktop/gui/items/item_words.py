"""An item in words: whether its person was told, who that is, and what each of its tasks does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

from desktop.contract.items import COUNTED, MAIL_QUEUE, Informed
from desktop.contract.reasons import Reason
from desktop.gui.tasks.words.states import LOOKS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop.contract.items import Item
    from desktop.contract.tasks import TaskRow

translate = QCoreApplication.translate


class InformedLook(NamedTuple):
    """The icon, the colour and the words of a kind, in a cell and on its chip; to be translated."""

    icon: str
    token: str
    word: str
    chip: str


def _look(icon: str, token: str, word: object, chip: object) -> InformedLook:
    return InformedLook(icon, token, str(word), str(chip))


LOOKS_OF_INFORMED: Final[dict[str, InformedLook]] = {
    Informed.YES: _look(
        "circle-check",
        "succeeded",
        QT_TRANSLATE_NOOP("items", "yes"),
        QT_TRANSLATE_NOOP("items", "Informed"),
    ),
    Informed.NOT_YET: _look(
        "circle-dashed",
        "queued",
        QT_TRANSLATE_NOOP("items", "not yet"),
        QT_TRANSLATE_NOOP("items", "Not yet"),
    ),
    Informed.NO: _look(
        "circle-x",
        "failed",
        QT_TRANSLATE_NOOP("items", "no"),
        QT_TRANSLATE_NOOP("items", "Not informed"),
    ),
    Informed.NOT_SURE: _look(
        "circle-help",
        "uncertain",
        QT_TRANSLATE_NOOP("items", "not sure"),
        QT_TRANSLATE_NOOP("items", "Not sure"),
    ),
    Informed.KEPT: _look(
        "inbox",
        "kept",
        QT_TRANSLATE_NOOP("items", "kept"),
        QT_TRANSLATE_NOOP("items", "Kept"),
    ),
}
"""In the order of the chips."""


class TaskChip(NamedTuple):
    """A task of an item: its title, what its state looks like, and that state in a word."""

    title: str
    icon: str
    token: str
    word: str


def informed_word(informed: str | None) -> str:
    """Say whether a person was told; nothing where no message was asked for."""
    look = LOOKS_OF_INFORMED.get(informed or "")
    return "" if look is None else translate("items", look.word)


def who(item: Item) -> str:
    """Return whom an item is for: the name, else the address."""
    recipient = item["recipient"]
    return "" if recipient is None else recipient.get("name") or recipient["email"]


def task_chips(item: Item) -> list[TaskChip]:
    """Return a chip for each task; of several of a title the newest, which is what counts."""
    newest = {task["title"]: task for task in item["tasks"]}
    return [_chip(task) for task in newest.values()]


def chips_in_words(chips: Sequence[TaskChip]) -> str:
    """Say what chips show: *Confirmation: Sent, Receipt: Running*."""
    said = translate("items", "{title}: {state}")
    return ", ".join(said.format(title=chip.title, state=chip.word) for chip in chips)


def counted(counts: Mapping[str, int], kinds: Sequence[str], *, exact: bool) -> str:
    """Say how many items there are of some kinds; with a plus where not all were counted."""
    some = [counts.get(kind, 0) for kind in kinds]
    words = QLocale().toString(sum(some))
    is_all = exact and all(count < COUNTED for count in some)
    return words if is_all else translate("items", "{}+").format(words)


def _chip(task: TaskRow) -> TaskChip:
    look = LOOKS[Reason.KEPT if task["reason"] == Reason.KEPT else task["state"]]
    word = look.mail if task["queue"] == MAIL_QUEUE else look.word
    return TaskChip(task["title"], look.icon, look.token, translate("words", word))
