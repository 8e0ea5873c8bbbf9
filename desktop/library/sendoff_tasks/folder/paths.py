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


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The places in one data folder; ``root`` holds them all."""

    root: Path

    @property
    def db(self) -> Path:
        """The SQLite database of tasks."""
        return self.root / "sendoff.db"

    @property
    def app_mark(self) -> Path:
        """Exists if the tasks belong to an app."""
        return app_mark(self.db)

    @property
    def worker_mark(self) -> Path:
        """Exists if a process of its own runs an app's tasks: those that serve it only add some."""
        return self.root / "sendoff.worker"

    @property
    def server_mark(self) -> Path:
        """Exists if the tasks are in a database on a server, not in this folder."""
        return self.root / "sendoff.server"

    @property
    def newest_group(self) -> Path:
        """What is known of that database, in case it goes back in time."""
        return store_mark(self.server_mark)

    @property
    def waits_for_backend(self) -> bool:
        """Whether another program starts its backend: an app, or ``serve --database``."""
        return self.app_mark.exists() or self.server_mark.exists()

    @property
    def backend_file(self) -> Path:
        """Address and token of the running backend."""
        return self.root / "backend.json"

    @property
    def tokens_file(self) -> Path:
        """The hashes of named tokens."""
        return self.root / "tokens.json"

    @property
    def settings_file(self) -> Path:
        """The person's settings; no secrets."""
        return self.root / "settings.toml"

    @property
    def backend_lock(self) -> Path:
        """Held by the one backend of this folder."""
        return self.root / "backend.lock"

    @property
    def owner_socket(self) -> Path:
        """The socket on which the owner of an app's folder takes tasks from other processes."""
        return self.root / "owner.sock"

    @property
    def owner_file(self) -> Path:
        """The port and token that replace the socket where there can be none."""
        return self.root / "owner.json"

    @property
    def tasks(self) -> Path:
        """A folder with the person's own task files."""
        return self.root / "tasks"

    @property
    def logs(self) -> Path:
        """A folder with the program's log files."""
        return self.root / "logs"

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
