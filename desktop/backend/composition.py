"""The composition root of the services: registry, mail tasks, own tasks, engine and mail."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager, nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

from desktop.backend.background import DraftChecks, Sweeper, TaskFiles, following
from desktop.backend.batches import row_item
from desktop.backend.current_settings import CurrentSettings, SettingsEffects, prepare_engine
from desktop.backend.letters import Letters
from desktop.backend.services import IoThreads, OpenStreams, Services
from desktop.backend.starting import DatabaseDamaged, DatabaseTaken, StartError, UsageError
from desktop.engine.clock import DAY_MS
from desktop.engine.errors import EngineError
from desktop.engine.facade.engine import Engine
from desktop.engine.facade.opening import Purpose, is_on_server, reserve
from desktop.engine.functions.registry import Registry
from desktop.engine.store.errors import DatabaseInUse, StoreDamaged
from desktop.items.feature import domain
from desktop.items.keeping import KeptFor
from desktop.items.reads.item_detail import read_body
from desktop.mail.files import KEPT, WRITTEN_ALONE, FolderFiles
from desktop.settings.atomic import write_atomic
from desktop.settings.paths import SERVER_MARK, app_mark
from desktop.settings.preferences.retention import KeepSettings
from desktop.settings.preferences.settings_file import SettingsError, check_all_keys
from desktop.settings.secrets import Passwords
from desktop.tasks.mail_tasks import confirmation, row_copy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from desktop.engine.postgres.file_store import FileStore
    from desktop.mail.files import Files
    from desktop.settings.paths import DataFolder

IO_SLOTS: Final = 40
"""Threads for blocking tasks, which mostly wait. One queue gets at most 32 of them."""
GRACE: Final = 10.0
"""Seconds that running tasks get to end."""
_SQLITE: Final = "sqlite:///"
NO_DATABASE: Final = f"--database takes postgresql://USER@HOST/NAME or {_SQLITE}PATH."
HAS_TASKS: Final = (
    "{} has tasks of its own: bring them over by `sendoff move --to URL`, or give another "
    "--data-dir."
)
ON_SERVER: Final = "The tasks of {} are in a database on a server: name it by --database."


@contextmanager
def running_services(
    folder: DataFolder,
    database: str | None,
    *,
    importing: Callable[[], AbstractContextManager[object]] = nullcontext,
    on_failure: Callable[[], None] = lambda: None,
    passwords: Passwords | None = None,
) -> Iterator[Services]:
    """Create the services and run the engine while the block runs.

    Own task files are imported inside ``importing``, before anything else starts. ``on_failure``
    is called in a thread of the engine when the engine cannot continue. Without ``passwords``, the
    process makes its own.
    Raises ``StartError`` if the database cannot be used, and ``DatabaseTaken`` if another process
    runs its tasks.
    """
    place = place_of(database, folder)
    kept, store = _files(folder, place)
    settings = CurrentSettings(kept)
    passwords = passwords or Passwords(folder.password_file)
    letters = Letters(kept, FolderFiles(folder.batches), settings, passwords)
    registry = Registry()
    io = IoThreads(IO_SLOTS)
    kept_for = KeptFor()
    engine = Engine(
        place, registry, io=io, io_slots=IO_SLOTS, on_failure=on_failure, features=domain(kept_for)
    )
    keep = partial(_keep, engine, kept_for)
    registry.add(confirmation(lambda number: engine.read(read_body, number), letters.mailer))
    registry.add(row_copy(partial(row_item, engine), letters.mailer))
    unchecked = Event()
    effects = SettingsEffects(settings, engine, passwords, unchecked.set, keep)
    services = Services(
        registry, engine, settings, letters, passwords, effects, unchecked, OpenStreams(), io=io
    )
    try:
        files = TaskFiles(folder, registry, services.notices)
        with importing():
            files.load()
        prepare_engine(engine, settings, keep)
        with (
            _running(engine),
            _watching(engine, folder, store, on_failure),
            following(services, folder, files),
            Sweeper(services, folder),
            DraftChecks(services),
        ):
            yield services
    finally:
        letters.close()
        if store is not None:
            store.close()
        io.shutdown(wait=False, cancel_futures=True)


def _keep(engine: Engine, kept_for: KeptFor, wanted: KeepSettings) -> None:
    """Keep tasks and items as long as a person wants from now on."""
    engine.keep(timedelta(days=wanted.tasks_days))
    kept_for.contents = wanted.contents_days * DAY_MS
    kept_for.items = wanted.items_days * DAY_MS


@contextmanager
def _running(engine: Engine) -> Iterator[None]:
    try:
        engine.start()
    except StoreDamaged as error:
        raise DatabaseDamaged(str(error)) from error
    except EngineError as error:
        raise _cannot_start(error) from error
    try:
        yield
    finally:
        engine.stop(GRACE)


@contextmanager
def _watching(
    engine: Engine, folder: DataFolder, store: FileStore | None, on_taken: Callable[[], None]
) -> Iterator[None]:
    """Watch workers and takeovers while the block runs, if the database is on a server."""
    with ExitStack() as held:
        if store is not None:
            # The database was opened, so psycopg is installed.
            from desktop.backend.on_server import DatabaseWatch

            store.write_alone(WRITTEN_ALONE)
            mark_on_server(folder)
            held.enter_context(DatabaseWatch(engine, str(engine.config.database), on_taken))
        yield


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


def _files(folder: DataFolder, place: Path | str) -> tuple[Files, FileStore | None]:
    """Open the settings, templates, attachments and messages: in the folder, or in the database.

    Those of the folder are moved into the database, unless another process runs the tasks.
    """
    if isinstance(place, Path):
        return FolderFiles(folder.root), None
    # The database was opened, so psycopg is installed.
    from desktop.engine.postgres.file_store import FileStore
    from desktop.engine.postgres.files import DatabaseFiles, bring_over
    from desktop.engine.postgres.opening import idle

    store = FileStore(place)
    try:
        check_all_keys(folder.settings_file)
        with idle(place):
            bring_over(folder.root, KEPT, store)
    except (SettingsError, EngineError, OSError) as error:
        store.close()
        raise _cannot_start(error) from error
    return DatabaseFiles(store, folder.uploads), store


def _cannot_start(error: Exception) -> StartError:
    """Translate an error of the start: ``DatabaseTaken`` if another process has the database."""
    return (DatabaseTaken if isinstance(error, DatabaseInUse) else StartError)(str(error))
