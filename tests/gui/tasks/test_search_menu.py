"""The menu beside the search writes into it; views are kept and shown again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from desktop.gui.tasks.saved_views import KEY, SavedViews, ViewNameSheet

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow


def entries(menu: QMenu) -> dict[str, QAction]:
    """The entries of a menu as it opens, those of its submenus behind their titles."""
    menu.aboutToShow.emit()
    found = {}
    for action in menu.actions():
        found[action.text()] = action
        inner = action.menu()
        if isinstance(inner, QMenu):
            found |= {f"{action.text()} {text}": each for text, each in entries(inner).items()}
    return found


def save_view(window: AppWindow, name: str = "") -> str:
    """Save what is shown under a name, or under the one that is proposed; tell which that was."""
    entries(window.page.search_menu.menu_)["Save this view…"].trigger()
    (sheet,) = (each for each in window.sheets.made if isinstance(each, ViewNameSheet))
    proposed = sheet.field.text()
    if name:
        sheet.field.set_text(name)
    sheet.button.click()
    return proposed


def test_the_menu_sets_what_the_keys_say(qtbot: QtBot, window: AppWindow) -> None:
    menu, search, table = window.page.search_menu, window.page.search, window.page.table
    menu.learn(["Label", "Tom & Co"])
    menu.learn_batches(["Members 2027.csv"])
    table.shown.batches = {"members 2027.csv": 5}
    search.set_now("ada")
    entries(menu.menu_)["Task Label"].trigger()
    entries(menu.menu_)["Task Tom && Co"].trigger()
    entries(menu.menu_)["Batch Members 2027.csv"].trigger()
    written = 'ada task:"Tom & Co" batch:"Members 2027.csv"'
    assert search.text() == written
    query = table.shown.query("-id")
    assert (query.text, query.called, query.batch_id) == ("ada", "Tom & Co", 5)
    assert entries(menu.menu_)["Task Tom && Co"].isChecked()
    entries(menu.menu_)["Task Tom && Co"].trigger()
    assert table.shown.query("-id").called == ""
    search.set_now(f"{search.text()} state:uncertain")
    qtbot.mouseClick(window.page.chips.chips[4], Qt.MouseButton.LeftButton)
    assert table.shown.query("-id").states == ("failed",)
    assert "state:" not in search.text()
    for _ in range(2):
        entries(menu.menu_)["Recipient…"].trigger()
        assert search.text().endswith(" to:")
        assert search.text().count("to:") == 1
    assert menu.accessibleName()

    search.clear_now()
    window.switch.choose("items")
    menu.menu_.aboutToShow.emit()
    found = [each.text() for each in menu.menu_.actions() if not each.isSeparator()]
    assert found == ["Batch", "Recipient…"]
    search.set_now("task:Label")  # what is chosen is offered, too
    entries(menu.menu_)["Task Label"].trigger()
    assert search.text() == ""


def test_a_view_is_saved_shown_again_and_dropped(window: AppWindow) -> None:
    views = SavedViews(window, window.page)
    menu = window.page.search_menu
    window.page.show_part("Item 7", item_id=7)
    window.page.chips.choose(("failed",))
    window.page.search.set_now("to:ada")
    window.page.table.header.setSectionHidden(3, True)
    window.page.table.header.setSortIndicator(0, Qt.SortOrder.AscendingOrder)
    header = window.page.table.header
    sort = header.sortIndicatorSection(), header.sortIndicatorOrder()
    shown = window.page.table.shown.query("-id")
    save_view(window)
    window.page.search.clear_now()
    window.page.show_all()
    window.page.chips.choose(())
    window.page.table.header.setSectionHidden(3, False)
    window.page.table.header.setSortIndicator(1, Qt.SortOrder.DescendingOrder)
    entries(menu.menu_)["Failed · Item 7 · to:ada"].trigger()
    assert window.page.table.shown.query("-id") == shown
    assert (header.sortIndicatorSection(), header.sortIndicatorOrder()) == sort
    assert window.page.table.header.isSectionHidden(3)
    assert SavedViews(window, window.page).read() == views.read()
    entries(menu.menu_)["Remove a saved view Failed · Item 7 · to:ada"].trigger()
    assert "Failed · Item 7 · to:ada" not in entries(menu.menu_)
    window.toasts.act_newest()
    assert "Failed · Item 7 · to:ada" in entries(menu.menu_)
    whole = {"view": "items", "text": "ada", "informed": ""}
    others = {"b": {}, "c": {"view": "tasks", "text": "ada"}, "d": {**whole, "view": "other"}}
    for text in ("{", "[1]", json.dumps({"a": 1, **others, "e": whole})):
        window.settings.setValue(KEY, text)
        assert [*views.read()] == (["e"] if "view" in text else []), "what is no view is left out"
        assert entries(menu.menu_)


def test_a_view_is_named_when_it_is_saved_and_chooses_its_chip_again(
    qtbot: QtBot, window: AppWindow
) -> None:
    views = SavedViews(window, window.page)
    window.page.search.set_now("state:failed to:ada")
    assert save_view(window, "Ada's failures") == "state:failed to:ada"
    kept = views.read()
    assert list(kept) == ["Ada's failures"]
    window.page.search.set_now("to:bo")
    entries(window.page.search_menu.menu_)["Save this view…"].trigger()
    (sheet,) = (each for each in window.sheets.made if isinstance(each, ViewNameSheet))
    assert (sheet.button.text(), sheet.field.editor.hasFocus()) == ("Save", True)
    qtbot.keyClick(sheet.field.editor, Qt.Key.Key_Delete)
    qtbot.keyClick(sheet.field.editor, Qt.Key.Key_Return)
    assert (sheet.isVisible(), sheet.field.error) == (True, "Enter a name.")
    qtbot.keyClicks(sheet.field.editor, " Ada's failures ")
    assert (sheet.field.error, sheet.button.text()) == ("", "Replace")
    qtbot.keyClick(sheet.field.editor, Qt.Key.Key_Escape)
    assert (sheet.isHidden(), views.read()) == (True, kept)
    save_view(window, " Ada's failures ")
    assert {name: view["text"] for name, view in views.read().items()} == {
        "Ada's failures": "to:bo"
    }
    window.page.search.set_now("state:running")  # a part of what a chip stands for
    assert save_view(window) == "state:running"

    window.page.search.clear_now()
    window.switch.choose("items")
    entries(window.page.search_menu.menu_)["Ada's failures\tTasks"].trigger()
    assert (window.switch.choice.value(), window.page.table.shown.text) == ("tasks", "to:bo")
    shown = entries(window.page.search_menu.menu_)["Ada's failures"]
    assert shown.isChecked()
    window.page.show_part("Tom & Co", reasons=("offline",))
    assert save_view(window) == "Tom & Co"
    assert not entries(window.page.search_menu.menu_)["Ada's failures"].isChecked()
    assert entries(window.page.search_menu.menu_)["Tom && Co"].isChecked()

    window.settings.remove(KEY)
    window.page.search.clear_now()
    window.page.show_all()
    chips = window.page.chips
    for chip in chips.chips[1:]:
        chip.click()
        name, chosen = save_view(window), chips.chosen
        chips.chips[0].click()
        entries(window.page.search_menu.menu_)[name].trigger()
        assert chips.chosen is chosen
    assert len(views.read()) == len(chips.chips) - 1


def test_a_view_saved_in_items_is_one_of_items(window: AppWindow) -> None:
    views = SavedViews(window, window.page)
    views.others["items"] = window.items.saved_filter()
    menu = window.page.search_menu.menu_
    window.page.show_part("Batch 1", batch_id=1)
    window.switch.choose("items")
    assert "Save this view…" not in entries(menu)  # all items are one press away
    window.items.chips.choose("no")
    window.page.search.set_now("greylisted")
    assert save_view(window) == "Not informed · greylisted"
    window.items.chips.choose("")
    window.page.search.set_now("to:ada")
    assert save_view(window) == "to:ada"
    assert [text for text, each in entries(menu).items() if each.isChecked()] == ["to:ada"]
    window.switch.choose("batches")
    assert "Save this view…" not in entries(menu)
    window.page.search.clear_now()
    entries(menu)["Not informed · greylisted\tItems"].trigger()
    shown = window.items.model.query
    assert (window.switch.choice.value(), shown.text, shown.informed) == (
        *("items", "greylisted"),
        ("no",),
    )
    window.switch.choose("tasks")
    window.page.chips.choose(("failed",))
    window.page.search.clear_now()
    window.page.show_all()
    save_view(window)
    window.switch.choose("items")
    entries(menu)["Failed\tTasks"].trigger()
    assert window.switch.choice.value() == "tasks"
    assert (window.page.table.shown.states, window.page.table.shown.text) == (("failed",), "")
    assert list(views.read()) == ["Not informed · greylisted", "to:ada", "Failed"]
