"""The live table: it stays where one reads, paints every state, and moves only what changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPixmap

from desktop.gui.kit.look.theme import Appearance
from desktop.gui.kit.words.ages import whole_moment
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.tasks.search_field import parse
from desktop.gui.tasks.table.columns import BY_KEY, STATUS
from desktop.gui.tasks.table.task_table import TaskTable
from tests.gui.tasks.table.table_bench import (
    first_on_screen,
    model_of,
    scroll,
)
from tests.gui.tasks.table.task_source import TaskSource

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from sendoff_tasks.model.events import TasksEvent


def test_new_rows_slide_in_at_the_top_but_do_not_move_what_is_being_read(
    qtbot: QtBot, view: TaskTable, source: TaskSource
) -> None:
    model_of(view).apply(source.change(1201, "queued"))
    assert first_on_screen(view) == 1201
    scroll(qtbot, view, 100)
    before, top = first_on_screen(view), view.rowViewportPosition(view.rowAt(0))
    event: TasksEvent = {"rows": [], "gone": []}
    for task_id in range(1202, 11_202):
        event["rows"] += source.change(task_id, "queued")["rows"]
    model_of(view).apply(event)
    model_of(view).apply(source.remove(1205))
    view.executeDelayedItemsLayout()
    assert first_on_screen(view) == before
    assert view.rowViewportPosition(view.rowAt(0)) == top
    assert view.model().rowCount() == 11_200
    for task_id in range(11_202, 11_232):
        source.change(task_id, "queued")
    with qtbot.waitSignal(model_of(view).reordered):
        model_of(view).reset()
    assert first_on_screen(view) == before


def test_an_empty_table_says_why_and_offers_the_way_out(
    qtbot: QtBot, view: TaskTable, source: TaskSource
) -> None:
    scroll(qtbot, view, 30)
    view.hide()
    view.scrollToTop()  # as when items come while another view is shown
    view.show()
    with qtbot.waitSignal(model_of(view).shown):
        view.show_text("no such person")
    empty = view.empty
    assert empty.isVisible()
    view.executeDelayedItemsLayout()
    assert empty.geometry() == view.viewport().rect()
    assert "no such person" in empty.sentence.text()
    with qtbot.waitSignal(view.cleared):
        empty.link.click()
    with qtbot.waitSignal(model_of(view).shown):
        view.show_part(item_id=7)
    assert empty.sentence.text() == "Nothing in this group matches “no such person”."
    with qtbot.waitSignal(model_of(view).shown):
        view.show_part()
    with qtbot.waitSignal(model_of(view).shown):
        view.show_text("state:purple")
    assert empty.sentence.text().startswith("There is no state “purple”.")
    with qtbot.waitSignal(model_of(view).shown):
        view.show_text("state:kept state:failed")
    assert empty.sentence.text().startswith("“state:kept” cannot be combined with")
    with qtbot.waitSignal(model_of(view).shown):
        view.show_text("note:33")
    said = (
        "Nothing matches “note:33”. The search does not know “note:”. It knows state:, to:, task:"
    )
    assert empty.sentence.text().startswith(said)
    for plain in ("http://a 10:30", '"Re: x"'):
        assert parse(plain).strange_key == ""
    source.rows.clear()
    with qtbot.waitSignal(model_of(view).shown):
        view.show_text("")
    # Not "on the left": in a narrow window the form is folded away until it is wanted.
    nothing_yet = "Type a name, or drop a spreadsheet here."
    assert empty.sentence.text() == nothing_yet
    assert not empty.link.isVisible()
    model_of(view).apply(source.change(1, "queued"))
    assert not empty.isVisible()


def pixels(view: TaskTable) -> Any:
    pixmap = QPixmap(view.size())
    view.render(pixmap)
    return pixmap.toImage()


def test_a_share_is_drawn_by_the_style_and_the_colour_says_what_is_not_in_order(
    table: Callable[[], TaskTable], source: TaskSource, themes: ThemeSource
) -> None:
    themes.choose(Appearance.DARK)
    view = table()
    half = {"done": 1, "total": 2, "text": "half"}
    for number, state in ((1200, "succeeded"), (1199, "failed"), (1198, "waiting")):
        model_of(view).apply(source.change(number, state))
    event = source.change(1197, "running", task="pdf", queue="pdf", progress=half)
    model_of(view).apply(event)
    model_of(view).apply(source.change(1196, "uncertain"))
    image, column = pixels(view), view.columnViewportPosition(STATUS)

    def inks(row: int) -> set[int]:
        top = view.horizontalHeader().height() + view.rowViewportPosition(row)
        places = ((x, y) for x in range(column, 1000) for y in range(top + 6, top + 24))
        return {image.pixelColor(x, y).rgb() for x, y in places}

    theme = themes.theme
    assert theme.ink("failed").rgb() in inks(1)
    assert theme.ink("uncertain").rgb() in inks(4)
    assert theme.ink("failed").rgb() not in inks(0) | inks(2)
    assert model_of(view).index(3, STATUS).data() == "50 %"
    cell = view.visualRect(model_of(view).index(3, STATUS)).translated(0, view.header.height())
    ends = cell.left() + 12, cell.left() + round(0.5 * cell.width())
    filled, empty = (image.pixelColor(x, cell.center().y()) for x in ends)
    assert filled.blue() > empty.blue() + 60
    model_of(view).watch(900, 920)
    pixels(view)


def test_a_screen_reader_hears_a_cell_whole_and_a_tooltip_has_the_second(
    table: Callable[[], TaskTable], source: TaskSource
) -> None:
    source.change(1200, "failed", error="550 5.1.1 no such user", reason="final_answer")
    view = table()
    model, role = model_of(view), Qt.ItemDataRole
    state = model.index(0, STATUS)
    assert state.data() == "The address does not exist"
    assert state.data(role.AccessibleTextRole) == "Failed: The address does not exist"
    created = row_of(source.rows[1199]).created
    assert model.index(1, BY_KEY["added"]).data(role.ToolTipRole) == whole_moment(created)
    titles = [
        model.headerData(n, Qt.Orientation.Horizontal, role.AccessibleTextRole) for n in (0, 1)
    ]
    assert titles == ["To", "Address"]
    assert model.index(900, 0).data(role.AccessibleTextRole) == "loading"
    assert view.accessibleName() == "Tasks"


def test_the_only_task_of_an_item_is_chosen_and_a_copy_has_all_columns_and_the_second(
    qtbot: QtBot, table: Callable[[], TaskTable], source: TaskSource
) -> None:
    source.change(1200, "failed", seen=True)
    view = table()
    with qtbot.waitSignal(model_of(view).shown):
        view.show_part(item_id=2200)
    assert view.selection.ids == [1200]
    view.copy_rows()
    to, address, task, item, added, _took, attempts, status = (
        QGuiApplication.clipboard().text().split("\t")
    )
    assert (to, address, task) == ("Person 1200", "person1200@example.org", "Confirmation e-mail")
    assert (item, attempts, status) == ("2200", "1", "Failed · seen")
    assert added.count(":") == 2
