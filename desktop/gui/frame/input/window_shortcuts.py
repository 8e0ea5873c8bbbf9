"""The shortcuts of the whole window; those of the menu are in ``settings_menu``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from desktop.gui.frame.notices.toast import UNDO_KEYS
from desktop.gui.frame.pause_button import PAUSE_KEYS
from desktop.gui.frame.view_switch import BATCHES, CAUSES, ITEMS, OVERVIEW, TASKS
from desktop.gui.widgets.shortcuts import give_key

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from desktop.gui.frame.notices.toasts import Toasts
    from desktop.gui.frame.sheets import Sheets
    from desktop.gui.frame.top_bar import TopBar
    from desktop.gui.frame.views import Views
    from desktop.gui.frame.window_shape import WindowParts

translate = QCoreApplication.translate


class WindowKeys(NamedTuple):
    """The shortcuts that some windows hide: those of items, and those that change something."""

    of_items: list[QAction]
    of_changes: list[QAction]


def give_window_keys(
    window: QWidget,
    parts: WindowParts,
    bar: TopBar,
    views: Views,
    toasts: Toasts,
    sheets: Sheets,
) -> WindowKeys:
    """Add the shortcuts to a window."""
    show = views.switch.choose
    begins = [
        give_key(window, "Ctrl+N", translate("keys", "New item"), bar.new_item.click),
        give_key(window, "Ctrl+O", translate("keys", "Import a spreadsheet"), bar.importing.click),
    ]
    of_views = {
        view: give_key(window, keys, words, partial(show, view))
        for view, keys, words in (
            (TASKS, "Ctrl+1", translate("keys", "Show the tasks")),
            (ITEMS, "Ctrl+2", translate("keys", "Show the items")),
            (BATCHES, "Ctrl+3", translate("keys", "Show the batches")),
            (CAUSES, "Ctrl+4", translate("keys", "Show the causes")),
            (OVERVIEW, "Ctrl+5", translate("keys", "Show the overview")),
        )
    }
    for view, key in of_views.items():
        in_words = key.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        views.switch.choice.button(view).setToolTip(f"{key.text()} ({in_words})")
    give_key(window, "Ctrl+F", translate("keys", "Search"), partial(_search, parts, views))
    words = translate("keys", "Next part of the window")
    give_key(window, "F6", words, partial(_focus_next_pane, parts, views, sheets))
    words = translate("keys", "Menu of the row or field")
    give_key(window, "Shift+F10", words, _open_menu)
    words = translate("keys", "Pause or resume sending")
    pausing = give_key(window, PAUSE_KEYS, words, bar.pause.toggle)
    give_key(window, UNDO_KEYS, translate("keys", "Undo what was just done"), toasts.act_newest)
    return WindowKeys([*begins, of_views[ITEMS], of_views[BATCHES]], [*begins, pausing])


def _search(parts: WindowParts, views: Views) -> None:
    if views.switch.choice.value() not in {TASKS, ITEMS}:  # the other views have no search
        views.show_all_tasks()
        parts.chips.choose(())
        views.switch.choose(TASKS)
    parts.search.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _focus_next_pane(parts: WindowParts, views: Views, sheets: Sheets) -> None:
    """Move the focus on: form, view, detail, open sheet; skip panes that cannot take it."""
    whole: tuple[QWidget, ...] = (parts.form, views.shown, parts.detail)
    panes = [
        pane
        for pane in whole
        if pane.isVisible() and _takes_focus(pane) and not sheets.lie_over(pane)
    ]
    if (sheet := sheets.on_top()) is not None:
        panes.append(sheet)
    here = QApplication.focusWidget()
    inside = [here is pane or pane.isAncestorOf(here) for pane in panes if here is not None]
    following = panes[(inside.index(True) + 1) % len(panes) if True in inside else 0]
    if following is parts.form:
        parts.form.begin()
    elif following is sheet:
        sheet.focus_first()
    else:
        following.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _open_menu() -> None:
    """Open the context menu of the focused widget, as the menu key does; Qt does not under X11."""
    here = QApplication.focusWidget()
    if here is not None:
        cursor = QRectF(here.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle))
        at = cursor.center().toPoint()
        reason = QContextMenuEvent.Reason.Keyboard
        QApplication.sendEvent(here, QContextMenuEvent(reason, at, here.mapToGlobal(at)))


def _takes_focus(pane: QWidget) -> bool:
    """Tell whether a pane can take the focus: its focus proxy, if any, is visible."""
    inside = pane.focusProxy()
    return inside is None or inside.isVisible()
