"""Follows links of the detail: to related tasks, to a result's target, to an enlarged message."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from desktop.gui.kit.words.causes import shortened
from desktop.gui.link.jobs import Job
from desktop.gui.tasks.detail.links import BATCH, CAUSE, ITEM, REPEAT, REPEATED
from desktop.gui.tasks.detail.values import Opens, target_of

if TYPE_CHECKING:
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.kit.widgets.message_view import MessageSheet
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.tasks.detail.values import LinkTarget
    from desktop.gui.tasks.tasks_page import TasksPage


class LinkFollowing(QObject):
    """Follows links; the target of a result is checked again before it is opened."""

    def __init__(self, window: MainWindow, page: TasksPage, jobs: Jobs) -> None:
        super().__init__(window)
        self._window = window
        self._page = page
        self._jobs = jobs
        self._message: MessageSheet | None = None
        page.detail.link_chosen.connect(self._on_link_chosen)
        page.detail.message.enlarge_chosen.connect(self.show_message)

    def show_message(self, message: dict[str, Any]) -> None:
        """Show a message enlarged, in a sheet that is made when first needed."""
        if self._message is None:
            from desktop.gui.kit.widgets.message_view import MessageSheet

            self._message = self._window.sheets.make(partial(MessageSheet, self._jobs))
            show = self._window.toasts.show
            self._message.failed.connect(lambda words: show(words, icon="triangle-alert"))
        self._message.show_message(message)

    def _on_link_chosen(self, place: str, leads: Any) -> None:
        show = self._page.show_part
        if place in {REPEAT, REPEATED}:
            self._page.detail.show_task(leads)
        elif place == ITEM:
            show(self.tr("Item {}").format(leads), item_id=leads)
        elif place == BATCH:
            show(self.tr("Batch {}").format(leads), batch_id=leads)
        elif place == CAUSE:
            cause, words = leads
            show(self.tr("Cause: {}").format(shortened(words)), cause=cause)
        else:
            self._jobs.start(Job(target_of, leads).then(self._open))

    def _open(self, target: LinkTarget | None) -> None:
        """Open a page or file with the system's default program, without a shell."""
        if target is None:
            words = self.tr("The result cannot be opened: it no longer exists")
            self._window.toasts.show(words, icon="triangle-alert")
            return
        is_page = target.opens is Opens.PAGE
        url = QUrl(target.where) if is_page else QUrl.fromLocalFile(target.where)
        if not QDesktopServices.openUrl(url):
            words = self.tr("No program on this computer opens it")
            self._window.toasts.show(words, icon="triangle-alert")
