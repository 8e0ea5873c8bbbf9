"""The texts of a form's arguments: labels, hints and errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

from desktop.gui.run.arguments import ArgumentKind, ArgumentPlace
from desktop.gui.run.reading import ArgumentFault

if TYPE_CHECKING:
    from desktop.gui.run.arguments import Argument, ArgumentChoice
    from desktop.gui.run.reading import Wrong

translate = QCoreApplication.translate

_FAULTS: Final[dict[ArgumentFault, object]] = {
    ArgumentFault.MISSING: QT_TRANSLATE_NOOP("arguments", "Fill this in."),
    ArgumentFault.NOT_CHOSEN: QT_TRANSLATE_NOOP("arguments", "Choose one."),
    ArgumentFault.NOT_WHOLE: QT_TRANSLATE_NOOP("arguments", "Enter a whole number."),
    ArgumentFault.NOT_A_NUMBER: QT_TRANSLATE_NOOP("arguments", "Enter a number."),
    ArgumentFault.TOO_SMALL: QT_TRANSLATE_NOOP("arguments", "Enter {limit} or more."),
    ArgumentFault.TOO_LARGE: QT_TRANSLATE_NOOP("arguments", "Enter {limit} or less."),
    ArgumentFault.TOO_SHORT: QT_TRANSLATE_NOOP("arguments", "This is too short: {limit} at least."),
    ArgumentFault.TOO_LONG: QT_TRANSLATE_NOOP("arguments", "This is too long: {limit} at most."),
    ArgumentFault.TOO_FEW: QT_TRANSLATE_NOOP("arguments", "Too few lines: {limit} at least."),
    ArgumentFault.TOO_MANY: QT_TRANSLATE_NOOP("arguments", "Too many lines: {limit} at most."),
    ArgumentFault.TOO_FEW_CHOSEN: QT_TRANSLATE_NOOP("arguments", "Choose {limit} at least."),
    ArgumentFault.TOO_MANY_CHOSEN: QT_TRANSLATE_NOOP("arguments", "Choose {limit} at most."),
    ArgumentFault.NOT_A_TIME: QT_TRANSLATE_NOOP("arguments", "Enter a date."),
    ArgumentFault.NOT_JSON: QT_TRANSLATE_NOOP("arguments", "This is not JSON."),
    ArgumentFault.NOT_AN_OBJECT: QT_TRANSLATE_NOOP("arguments", "Enter an object: {{…}}."),
}
_HINTS: Final[dict[str, object]] = {
    "time": QT_TRANSLATE_NOOP("arguments", "09:30"),
    "duration": QT_TRANSLATE_NOOP("arguments", "PT1H30M: an hour and a half"),
    "email": QT_TRANSLATE_NOOP("arguments", "name@example.org"),
}


def wrong_words(wrong: Wrong) -> str:
    """Return the sentence of an error, with its line if it has one."""
    words = translate("arguments", str(_FAULTS[wrong.fault]))
    said = words.format(limit="" if wrong.limit is None else _written(wrong.limit))
    if wrong.line is None:
        return said
    return translate("arguments", "Line {line}: {fault}").format(line=wrong.line, fault=said)


def label_words(argument: Argument) -> str:
    """Return the label of an argument."""
    if argument.place is ArgumentPlace.OTHERS:
        return translate("arguments", "More arguments")
    return argument.label


def choice_words(choice: ArgumentChoice) -> str:
    """Return the text of a choice."""
    if isinstance(choice.value, bool) and choice.member is None:
        return translate("arguments", "Yes") if choice.value else translate("arguments", "No")
    return translate("arguments", "None") if choice.value is None else choice.words


def hint_words(argument: Argument) -> str:
    """Return the hint that an empty field shows."""
    if argument.kind is ArgumentKind.LINES:
        return translate("arguments", "One per line")
    if argument.kind is ArgumentKind.JSON:
        return translate("arguments", "JSON, such as 12, true or [1, 2]")
    if argument.kind is ArgumentKind.LINE and argument.format in _HINTS:
        return translate("arguments", str(_HINTS[argument.format]))
    least, most = argument.least, argument.most
    if least is not None and most is not None:
        words = translate("arguments", "{least} to {most}")
        return words.format(least=_written(least), most=_written(most))
    if least is not None:
        return translate("arguments", "{} or more").format(_written(least))
    return "" if most is None else translate("arguments", "{} or less").format(_written(most))


def _written(number: float) -> str:
    whole = isinstance(number, int) or number.is_integer()
    return QLocale().toString(int(number)) if whole else f"{number:g}"
