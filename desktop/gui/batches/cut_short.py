"""A draft whose spreadsheet was not read to its end, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.gui.tasks.words.states import sentences
from desktop.gui.words.plurals import figure

if TYPE_CHECKING:
    from desktop.contract.batches import Batch

translate = QCoreApplication.translate


def read_words(batch: Batch, whole: int) -> str:
    """Say in a cell how many rows of the ``whole`` file are read."""
    return translate("batches", "{} of {} read").format(
        figure(batch["counts"]["rows"]), figure(whole)
    )


def cut_short_headline(batch: Batch, whole: int) -> str:
    """Say it in one line."""
    words = translate("batches", "Only {} of {} are read")
    return words.format(figure(batch["counts"]["rows"]), figure(whole))


def about_cut_short(*, may_act: bool) -> str:
    """Say what that means, and what goes on with it."""
    stopped = translate("batches", "Reading stopped before the end of the spreadsheet.")
    return sentences(stopped, translate("batches", "Press Read on.") if may_act else "")
