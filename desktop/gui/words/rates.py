"""Rates in the words of a person: *500 a day*, *1,500 a minute*."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.contract.rules.times import Rate
from desktop.gui.words.plurals import figure

translate = QCoreApplication.translate


def rate_words(rate: str | None) -> str:
    """Say a rate, as ``500/day``; nothing for none."""
    if not rate:
        return ""
    read = Rate.parse(rate)
    _, _, unit = read.words.partition(" ")
    units = {
        "a second": translate("rates", "{} a second"),
        "a minute": translate("rates", "{} a minute"),
        "an hour": translate("rates", "{} an hour"),
        "a day": translate("rates", "{} a day"),
    }
    return units[unit].format(figure(read.count))
