"""The plurals and numbers of English: Qt picks the form of a ``%n`` text from a translation.

``resources/translations/sendoff_en.ts`` has both forms of each such text; after a change,
``pyside6-lrelease resources/translations/sendoff_en.ts`` makes the file that is read here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QTranslator

from desktop.settings.paths import resources

if TYPE_CHECKING:
    from PySide6.QtCore import QCoreApplication


def install(app: QCoreApplication) -> QTranslator:
    """Have ``app`` say *1 task* and *2,000 tasks*.

    The person's own locale writes the numbers; the C locale would write them without separators.

    Raises:
        FileNotFoundError: when the translation is missing or no translation.
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
