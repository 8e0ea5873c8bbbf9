"""Joins what is done with the mail settings, which say how messages leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from desktop.gui.mail.mail_setup import MailSetup, Practice

if TYPE_CHECKING:
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.services import RoomServices
    from desktop.gui.items.room import ItemsRoom
    from desktop.gui.mail.lazy_settings import LazyMailSettings
    from desktop.gui.tasks.room import TasksRoom


class MailRoom(QObject):
    """Fills and saves the mail settings, and lets the window follow them."""

    def __init__(
        self,
        window: MainWindow,
        lazy: LazyMailSettings,
        services: RoomServices,
        tasks: TasksRoom,
        items: ItemsRoom,
        *,
        has_items: bool,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._grace = services.grace
        self._pending = tasks.page.model.pending
        self._has_items = has_items
        source, jobs, live = services.source, services.jobs, services.live
        self.setup = MailSetup(self, source, jobs)
        self.practice = Practice(window, source, jobs, tasks.verbs, live, items.show_informed)
        self.setup.changed.connect(self._on_settings_changed)
        services.link.ready.connect(self.setup.load)
        live.stats_changed.connect(self.setup.follow)
        lazy.made.connect(self.setup.serve)

    def _on_settings_changed(self, settings: dict[str, Any]) -> None:
        window, mail = self._window, settings["mail"]
        self._grace.seconds = float(settings["window"]["grace_seconds"])
        window.shelf.begin()
        if not self._has_items:
            return
        window.strip.set_mail(mail["transport"], mail["host"])
        self._pending.delivery.follow(mail)
        is_real, kept = mail["transport"] == "smtp", mail["password_kept"]
        window.closing.forgets_password = is_real and kept == "session"
        if window.reach.may_change:
            self.practice.follow(settings)
            window.practice_bar.show_transport(mail["transport"])
