"""The window process: it takes the lock, spawns the backend, then loads Qt, to start fast."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, Final

from desktop.builds import BUILD, is_newer
from desktop.client.child import spawn
from desktop.gui.one_window import OneWindow, QuitAnswer
from desktop.settings.crash_reports import leave_reports
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.folder.paths import LOG_FORMAT, data_dir
from sendoff_tasks.folder.safe_files import write_atomic

if TYPE_CHECKING:
    from desktop.client.child import Child
    from sendoff_tasks.folder.backend_addresses import Backend

LOG_BYTES: Final = 1 << 20


def run(folder: str | None, server: Backend | None = None, *, is_hidden: bool = False) -> int:
    """Show the window until it is closed; return the exit status. One ``is_hidden`` at first.

    It uses the backend of its data folder, ``None`` for the usual one, or the one of a ``server``.
    A second window of the same data folder or server raises the first one and returns 0; one of a
    newer build asks it to quit, and takes its place.
    """
    gc.disable()  # Until the window is shown, collections find little garbage and take time.
    data = home = OfficeFolder(data_dir(folder))
    if server is not None:
        data = data.at_address(server.url)
    lock = OneWindow(data.window_lock)
    try:
        data.create()
        if not (lock.take() or _take_over(lock)):
            if not is_hidden:
                lock.raise_first()
            return 0
        leave_reports(data.logs, "window")
        child = None
        if server is None:
            child = _first_backend(data)
        else:
            _look_at(server, data)
    except OSError as error:
        return _refuse(data.why_unusable(error))
    _log_to(data)
    from desktop.plain_imports import import_shiboken

    import_shiboken()
    from desktop.gui.assembly import ShownWindow, make_application

    app = make_application()
    shown = ShownWindow(app, data, server)
    if not is_hidden:
        shown.show()
    from desktop.gui import program

    return program.run(app, shown, data, lock, child, server, home, is_hidden=is_hidden)


def _take_over(lock: OneWindow) -> bool:
    """Take the place of a window of an older build, unless that one has to ask its person."""
    if not is_newer(BUILD, lock.build_of_first()):
        return False
    return lock.ask_to_quit() is QuitAnswer.GONE and lock.take()


def _refuse(why: str) -> int:
    """Say why there is no window, in a small one if there is no terminal to read; return 1."""
    print(why, file=sys.stderr)  # noqa: T201
    if sys.stderr is not None and sys.stderr.isatty():
        return 1
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication, QMessageBox

    app = QApplication(sys.argv[:1])
    box = QMessageBox(QMessageBox.Icon.Critical, "Sendoff", why)
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    box.show()
    app.exec()
    return 1


def _look_at(server: Backend, data: OfficeFolder) -> None:
    """Store the server's address and, if it answers now, whether it has items or an app's tasks."""
    from desktop.client.server_watch import has_items

    write_atomic(data.address_file, server.url.encode())
    found = has_items(server)
    if found:
        data.app_mark.unlink(missing_ok=True)
    elif found is not None:
        data.app_mark.touch()


def _first_backend(data: OfficeFolder) -> Child | None:
    """Spawn a backend unless one runs; the supervisor does the rest.

    If the tasks belong to an app or are in a database on a server, the backend is started
    elsewhere.
    """
    if data.waits_for_backend:
        return None
    if data.backend_file.exists():
        from sendoff_tasks.client.health import running_backend

        if running_backend(data) is not None:
            return None
    return spawn(data)


def _log_to(data: OfficeFolder) -> None:
    import logging.handlers

    handler = logging.handlers.RotatingFileHandler(
        data.logs / "window.log",
        maxBytes=LOG_BYTES,
        backupCount=1,
        encoding="utf-8",
        errors="backslashreplace",  # half a character would lose the whole record
        delay=True,
    )
    handler.setFormatter(logging.Formatter(LOG_FORMAT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
