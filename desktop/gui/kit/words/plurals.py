"""The plurals and numbers of English: Qt picks the form of a ``%n`` text from a translation.

``resources/translations/sendoff_en.ts`` has both forms of each such text, and the rows of the
tables of words. After a change, ``python -m tests.translations`` writes the file that is read here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QTranslator

from desktop.settings.resources import resources

if TYPE_CHECKING:
    from PySide6.QtCore import QCoreApplication


def install(app: QCoreApplication) -> QTranslator:
    """Install the English plurals in ``app``: *1 task*, *2,000 tasks*.

    Numbers are written in the person's own locale. The C locale, which has no separators, is
    replaced by American English.

    Raises:
        FileNotFoundError: when the translation file is missing or cannot be read.
    """
    path = resources() / "translations" / "sendoff_en.qm"
    translator = QTranslator(app)
    if not translator.load(str(path)):
        raise FileNotFoundError(path)
    app.installTranslator(translator)
    if QLocale().language() == QLocale.Language.C:
        QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    return translator


def figure(count: int) -> str:
    """Write a number as the person's language writes it."""
    return QLocale().toString(count)


def size_words(size: int) -> str:
    """Write a size in bytes in the units of the limits, such as ``12 KiB``."""
    return QLocale().formattedDataSize(size, 0)
