"""The paths of the data folder and of the program's own files."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sendoff_tasks.words.table import ENGLISH

DATA_DIR_VARIABLE: Final = "SENDOFF_DATA_DIR"
SERVER_MARK: Final = b"The tasks of this folder are in a database on a server (serve --database).\n"
"""The content of the file that keeps a backend from creating a store in the folder."""
LOG_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
"""The form of a record in the files of ``DataFolder.logs``."""


class Within:
    """A file or folder below the root of a data folder."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, folder: DataFolder, _: type[DataFolder]) -> Path:
        """Return its path."""
        return folder.root / self._name


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The places in one data folder; ``root`` holds them all."""

    root: Path

    db = Within("sendoff.db")  # the SQLite database of tasks

    @property
    def app_mark(self) -> Path:
        """Exists if the tasks belong to an app."""
        return app_mark(self.db)

    # Exists if a process of its own runs an app's tasks: those that serve it only add some.
    worker_mark = Within("sendoff.worker")
    # Exists if the tasks are in a database on a server, not in this folder.
    server_mark = Within("sendoff.server")

    @property
    def worker_away(self) -> str:
        """What to do while no process holds the folder; empty if not only a worker runs tasks."""
        if not self.worker_mark.exists():
            return ""
        return ENGLISH.say("app", "worker_away", folder=self.root, mark=self.worker_mark)

    @property
    def newest_group(self) -> Path:
        """What is known of that database, in case it goes back in time."""
        return store_mark(self.server_mark)

    @property
    def waits_for_backend(self) -> bool:
        """Whether another program starts its backend: an app, or ``serve --database``."""
        return self.app_mark.exists() or self.server_mark.exists()

    backend_file = Within("backend.json")  # address and token of the running backend
    tokens_file = Within("tokens.json")  # the hashes of named tokens
    settings_file = Within("settings.toml")  # the person's settings; no secrets
    backend_lock = Within("backend.lock")  # held by the one backend of this folder
    # The socket on which the owner of an app's folder takes tasks from other processes.
    owner_socket = Within("owner.sock")
    # The port and token that replace the socket where there can be none.
    owner_file = Within("owner.json")
    tasks = Within("tasks")  # a folder with the person's own task files
    logs = Within("logs")  # a folder with the program's log files

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders that it always has."""
        return self.tasks, self.logs

    def create(self) -> None:
        """Create missing folders; only their owner may enter.

        Raises ``OSError`` if they cannot be created.
        """
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.root.chmod(0o700)
        for folder in self.folders:
            folder.mkdir(mode=0o700, exist_ok=True)

    def why_unusable(self, error: OSError) -> str:
        """Say which of its files or folders cannot be used, why, and the way out."""
        file, why = error.filename or self.root, error.strerror or error
        return ENGLISH.say("folder", "unusable", file=file, why=why)


def app_mark(database: Path) -> Path:
    """Return the file that marks a database as an app's.

    Only that app has the functions of its tasks, so no backend of ours may run them.
    """
    return database.with_name(f"{database.name}.app")


def store_mark(database: Path) -> Path:
    """Return the file that tells which store was in the place of a database last."""
    return database.with_name(f"{database.name}.mark")


def data_dir(option: str | None) -> Path:
    """Find the data folder: the option, else the environment variable, else the platform's."""
    chosen = option or os.environ.get(DATA_DIR_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    import platformdirs  # takes 10 ms, and most starts of a backend do not need it

    return platformdirs.user_data_path("sendoff", appauthor=False)
