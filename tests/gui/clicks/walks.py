"""A walk through a place of the window: each button in sight is clicked, and leads where it says.

Nothing here may have Qt process events, as a move of ``QTest``'s mouse would: a step of another
task that ran meanwhile would be lost, and what waits for it would wait for ever.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QScrollArea, QWidget

from desktop.gui.kit.widgets.choice import FilterButton
from desktop.gui.kit.widgets.surfaces import with_ancestors
from tests.gui.hands import is_bare, press

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from tests.gui.play import Play


@dataclass(frozen=True)
class Leads:
    """What a button leads to: ``seen`` tells it by what a person sees, and was not so before.

    ``begin`` prepares for it, ``end`` leads back. Menus and dialogs are closed in any case.
    """

    seen: Callable[[Play], object]
    begin: Callable[[Play], object] | None = None
    end: Callable[[Play], object] | None = None


@dataclass(frozen=True)
class Place:
    """Where buttons are: ``show`` brings it into sight if it is not.

    ``lines`` are its buttons by name, in the order they are clicked: the first that is there.
    What lies in ``elsewhere`` belongs to other places.
    """

    show: Callable[[Play], Awaitable[object]]
    at: Callable[[Play], QWidget]
    lines: Mapping[str, Leads]
    elsewhere: Callable[[Play], tuple[QWidget, ...]] = lambda _: ()


async def walk(play: Play, place: Place) -> None:
    """Click each button of a place; one without a line fails, and a line without a button too."""
    left = dict(place.lines)
    while left:
        await place.show(play)
        are_there = partial(_are_there, play, place, left)
        await _until(play, are_there, f"none is there: {[*left]}")
        there = _buttons(play, place)
        assert there.keys() <= place.lines.keys(), f"no line: {there.keys() - place.lines.keys()}"
        name = next(each for each in left if each in there)
        await _follow(play, name, there[name], left.pop(name))


async def _follow(play: Play, name: str, button: QAbstractButton, leads: Leads) -> None:
    """Click one button, see what it leads to, and go back."""
    play.window.activateWindow()  # a dialog may have been closed
    await play.until(play.window.isActiveWindow)
    if leads.begin is not None:
        leads.begin(play)
    assert not leads.seen(play), f"{name}: this was so before"
    for area in with_ancestors(button.parentWidget()):
        if isinstance(area, QScrollArea):
            area.ensureWidgetVisible(button)
    await _until(play, lambda: is_bare(button), f"{name} is out of reach")  # a card just came
    press(button)
    await _until(play, lambda: leads.seen(play), f"{name}: nothing came of it")
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    for dialog in dialogs():
        dialog.reject()
    if leads.end is not None:
        leads.end(play)


async def _until(play: Play, met: Callable[[], object], words: str) -> None:
    """Wait for something, and say what it was where it does not come."""
    try:
        await play.until(met)
    except TimeoutError:
        raise AssertionError(words) from None


def _are_there(play: Play, place: Place, names: Mapping[str, Leads]) -> bool:
    """Tell whether one of these buttons is in sight."""
    return not names.keys().isdisjoint(_buttons(play, place))


def _buttons(play: Play, place: Place) -> dict[str, QAbstractButton]:
    """Find what can be clicked, by name; in a name each number is a #."""
    others = place.elsewhere(play)
    found: dict[str, QAbstractButton] = {}
    for button in place.at(play).findChildren(QAbstractButton):
        inside = [*with_ancestors(button)]
        if not (button.isVisible() and button.isEnabled()):
            continue
        if not any(each in others for each in inside):
            found.setdefault(_name(button), button)
    return found


def _name(button: QAbstractButton) -> str:
    name = button.accessibleName() or button.text()
    if isinstance(button, FilterButton):
        name = name.partition(",")[0]
    return re.sub(r"\d+", "#", name)


def dialogs() -> list[QDialog]:
    """Return the dialogs that are open."""
    top = QApplication.topLevelWidgets()
    nested = QApplication.allWidgets()
    found = (each for each in {*top, *nested} if isinstance(each, QDialog))
    return [each for each in found if each.isVisible()]


def opened(play: Play) -> list[str]:
    """Name the dialogs that are open."""
    return [type(each).__name__ for each in play.window.dialogs.made if each.isVisible()]


def close_dialogs(play: Play) -> None:
    """Close each dialog that asks nothing."""
    play.window.dialogs.close_all()


def dialog(name: str, begin: Callable[[Play], object] | None = None) -> Leads:
    """Return that a dialog is opened, which is closed again."""
    return Leads(lambda play: name in opened(play), begin, close_dialogs)


def the(play: Play, name: str) -> Any:
    """Return the dialog of a class, open or not."""
    return next(each for each in play.window.dialogs.made if type(each).__name__ == name)


DIALOG: Final = Leads(lambda _: dialogs())
"""A dialog of the system is opened."""
POPUP: Final = Leads(lambda _: QApplication.activePopupWidget())
"""A menu or a calendar is opened."""
