"""Rates as a person says them: *500 a day*, *1,500 a minute*."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.contract.rules.times import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Rate
from desktop.gui.words.plurals import figure

translate = QCoreApplication.translate


def rate_words(rate: str | None) -> str:
    """Say a rate such as ``500/day``; empty for ``None``."""
    if not rate:
        return ""
    read = Rate.parse(rate)
    forms = {
        SECOND_MS: translate("rates", "{} a second"),
        MINUTE_MS: translate("rates", "{} a minute"),
        HOUR_MS: translate("rates", "{} an hour"),
        DAY_MS: translate("rates", "{} a day"),
    }
    return forms[read.period_ms].format(figure(read.count))
