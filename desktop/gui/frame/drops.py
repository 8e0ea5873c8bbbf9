"""What files that are dropped on a window can mean; where that is several things, it asks."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from desktop.gui.kit.widgets.questions import ask
from desktop.gui.kit.words.table import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.gui.frame.main_window import MainWindow

translate = QCoreApplication.translate
MAIL_FILES: Final = (".eml", ".mbox", ".mbx", ".emlx", ".msg")
"""How the names of files of e-mails end; an ``.msg`` is named as what cannot be read."""


def take_files(
    window: MainWindow,
    paths: Sequence[str],
    attach: Callable[[Sequence[str]], object] | None = None,
) -> None:
    """Take dropped files as what they mean; ``attach`` is what else they can be for.

    One spreadsheet can be imported, and e-mails may be returned ones. Without a meaning for all of
    them, e-mails are told from other files.
    """
    from desktop.sheets.description import SUFFIXES

    mails = [each for each in paths if each.lower().endswith(MAIL_FILES)]
    others = [each for each in paths if each not in mails]
    means: list[tuple[str, Callable[[], object]]] = []
    if len(paths) == 1 and paths[0].lower().endswith(SUFFIXES):
        act = partial(window.files_dropped.emit, others)
        means.append((translate("drops", "Import it"), act))
    if not others:
        act = partial(window.mails_dropped.emit, mails)
        means.append((translate("drops", "Read as returned"), act))
    if attach is not None:
        means.append((translate("drops", "Attach"), partial(attach, paths)))
    if len(means) > 1:
        words = say("drop", "what", n=len(paths), name=Path(paths[0]).name)
        ask(window, words, translate("drops", "Cancel"), *means)
    elif means:
        means[0][1]()
    else:
        if mails:
            window.mails_dropped.emit(mails)
        window.files_dropped.emit(others)
