"""Builds the window of the first picture from the rooms' widgets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.gui.frame.main_window import MainWindow
from desktop.gui.frame.views import BATCHES, ITEMS, OVERVIEW
from desktop.gui.items.form import item_kind
from desktop.gui.items.form.item_form import ItemForm
from desktop.gui.items.form.lazy_preview import LazyPreview
from desktop.gui.kit.reach import WHOLE
from desktop.gui.mail.lazy_settings import LazyMailSettings
from desktop.gui.overview.lazy_overview import LazyOverview
from desktop.gui.tasks.tasks_page import TasksPage

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QHeaderView

    from desktop.client.api import ApiSource
    from desktop.gui.batches.batch_view import BatchView
    from desktop.gui.causes.cause_view import CauseView
    from desktop.gui.frame.status_strip import StatusStrip
    from desktop.gui.items.item_view import ItemView
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.kit.reach import Reach
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.tasks.detail.task_detail import DetailPane
    from desktop.gui.tasks.search.search_field import SearchField, SearchMenu
    from desktop.gui.tasks.search.state_chips import StateChips
    from desktop.gui.tasks.table.task_model import TaskModel
    from desktop.gui.tasks.table.task_table import TaskTable
    from desktop.gui.tasks.tasks_page import RowsBehind


@dataclass(slots=True)
class WindowParts:
    """The widgets of the views; the last three are made after the window's first picture."""

    form: ItemForm
    search: SearchField
    search_menu: SearchMenu
    chips: StateChips
    table: TaskTable
    behind: RowsBehind
    columns: QHeaderView
    detail: DetailPane
    overview: LazyOverview
    strip: StatusStrip
    items: ItemView = field(init=False)
    batches: BatchView = field(init=False)
    causes: CauseView = field(init=False)


class AppWindow(MainWindow):
    """The window with its form and its views."""

    def __init__(
        self,
        model: TaskModel,
        source: ApiSource,
        jobs: Jobs,
        themes: ThemeSource,
        settings: QSettings,
        reach: Reach,
    ) -> None:
        form = ItemForm(item_kind.item(), themes, settings)
        page = TasksPage(model, source, jobs, themes, reach)
        super().__init__(form, page.search, page.search_menu, themes, settings, reach)
        self.page = page
        self.parts = WindowParts(
            form=form,
            search=page.search,
            search_menu=page.search_menu,
            chips=page.chips,
            table=page.table,
            behind=page.behind,
            columns=page.table.header,
            detail=page.detail,
            overview=LazyOverview(source, jobs, themes),
            strip=self.strip,
        )
        self.mail = LazyMailSettings(self)
        self.previewing = LazyPreview(self.sheets, form, source, jobs)
        self.mail.made.connect(lambda sheet: sheet.closed.connect(self.previewing.close))
        kept = page.enter(self)
        self.views.add(OVERVIEW, self.parts.overview)
        form.submit_from(self.sheets.send, self.top_bar, self.monitor, self.notices, self.strip)
        page.begin(self.height())
        self.open_as_before(kept)


def begin_window(
    model: TaskModel,
    source: ApiSource,
    jobs: Jobs,
    themes: ThemeSource,
    settings: QSettings,
    reach: Reach = WHOLE,
) -> AppWindow:
    """Build the window with what its first picture shows; ``settings`` keep the window's shape."""
    window = AppWindow(model, source, jobs, themes, settings, reach)
    if not reach.may_change:
        hide_changing_controls(window)
    return window


translate = QCoreApplication.translate


def hide_item_controls(window: AppWindow) -> None:
    """Hide the controls of items and messages: another app's tasks have none."""
    _hide_form(window)
    window.switch.hide_views(ITEMS, BATCHES)
    for key in window.keys.of_items:
        key.setVisible(False)
    window.menu.hide_mail()


def hide_changing_controls(window: AppWindow) -> None:
    """Hide the controls that change something: the token only allows reading."""
    _hide_form(window)
    window.top_bar.pause.hide()
    for key in window.keys.of_changes:
        key.setVisible(False)
    window.menu.hide_changes()
    window.strip.say_read_only()


def _hide_form(window: AppWindow) -> None:
    window.across.leave_form_out()
    for about_items in (window.top_bar.new_item, window.top_bar.importing):
        about_items.hide()
    window.setAcceptDrops(False)
    window.page.table.empty.nothing = translate("frame", "No tasks yet.")
    window.page.table.setFocus()
