"""Where the tasks of a backend are: in a file of the data folder, or in a database on a server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from desktop.backend.serving.starting import StartError, UsageError
from desktop.engine.errors import EngineError
from desktop.engine.facade.opening import Purpose, is_on_server, reserve
from desktop.settings.atomic import write_atomic
from desktop.settings.paths import SERVER_MARK, app_mark

if TYPE_CHECKING:
    from desktop.settings.paths import DataFolder

_SQLITE: Final = "sqlite:///"
NO_DATABASE: Final = f"--database takes postgresql://USER@HOST/NAME or {_SQLITE}PATH."
HAS_TASKS: Final = (
    "{} has tasks of its own: bring them over by `sendoff move --to URL`, or give another "
    "--data-dir."
)
ON_SERVER: Final = "The tasks of {} are in a database on a server: name it by --database."


def place_of(database: str | None, folder: DataFolder) -> Path | str:
    """Return the file that holds the tasks, or the address of their database on a server.

    Raises ``StartError`` if the tasks belong to an app, or if the folder has tasks of its own that
    a database on the server would leave behind.
    """
    if database is not None and is_on_server(database):
        if folder.db.exists():
            raise StartError(HAS_TASKS.format(folder.db))
        try:
            reserve(database, Purpose.ITEMS)
        except EngineError as error:
            raise StartError(str(error)) from error
        return database
    file = _path(database, folder)
    if app_mark(file).exists():
        raise StartError(f"The tasks in {file} belong to an app: start that app.")
    if file == folder.db and folder.server_mark.exists():
        raise StartError(ON_SERVER.format(folder.root))
    return file


def _path(database: str | None, folder: DataFolder) -> Path:
    if database is None:
        return folder.db
    path = database.removeprefix(_SQLITE)
    if path in {"", database}:
        raise UsageError(NO_DATABASE)
    return Path(path).absolute()


def mark_on_server(folder: DataFolder) -> None:
    """Say that the folder's tasks are on a server, so no backend begins a file there."""
    try:
        write_atomic(folder.server_mark, SERVER_MARK)
    except OSError as error:
        why = f"{folder.server_mark} cannot be written: {error.strerror or error}."
        raise StartError(why) from error
