"""The composition root of the backend: its services, and what serves them or is a spare."""

from __future__ import annotations

import logging
import threading
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

from desktop.backend.application import create_app, create_spare_app
from desktop.backend.background import DraftChecks, Sweeper, following
from desktop.backend.batches import row_item
from desktop.backend.current_settings import CurrentSettings, SettingsEffects, prepare_engine
from desktop.backend.messages import MessageComposer
from desktop.backend.sent_copies import SentCopies
from desktop.backend.services import IoThreads, Services
from desktop.contract.office import PURPOSE
from desktop.items.feature import domain
from desktop.items.forgetting import ItemRetention
from desktop.items.reads.do_not_send import listed
from desktop.items.reads.items import read_body
from desktop.mail.files import STORED_FILES, WRITTEN_ALONE, FolderFiles
from desktop.mail.sign_in.account import SendingAccount
from desktop.settings.office_folder import OfficeFolder
from desktop.settings.preferences import KeepSettings, check_all_keys
from desktop.settings.secrets import Passwords
from desktop.tasks.mail_tasks import confirmation, row_copy
from sendoff_tasks.errors import EngineError
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.opening import announce, is_on_server, reserve
from sendoff_tasks.facade.running_engine import IO_SLOTS, EngineConfig
from sendoff_tasks.folder.paths import SERVER_MARK, app_mark
from sendoff_tasks.folder.queue_limits import SettingsError
from sendoff_tasks.folder.safe_files import write_atomic
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.http.background import TaskFiles
from sendoff_tasks.http.lifecycle import (
    DatabaseDamaged,
    DatabaseTaken,
    OtherProgram,
    StartError,
    UsageError,
)
from sendoff_tasks.http.services import OpenStreams
from sendoff_tasks.model.events import NoticeId
from sendoff_tasks.model.times import DAY_MS
from sendoff_tasks.postgres.mark import ServerMark
from sendoff_tasks.store.database import store_id
from sendoff_tasks.store.errors import DatabaseInUse, OtherVersion, StoreDamaged, StoreError
from sendoff_tasks.words.file_faults import unwritten
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from starlette.types import ASGIApp

    from desktop.backend.on_server import Spare
    from desktop.mail.files import Files
    from sendoff_tasks.http.lifecycle import Shutdown
    from sendoff_tasks.model.events import Notice
    from sendoff_tasks.postgres.files import FileStore

log = logging.getLogger(__name__)

GRACE: Final = 10.0
"""Seconds that running tasks get to end."""
STORE_NAME: Final = ".store"
"""The file in ``batches`` with the id of the store whose batches they are."""
_SQLITE: Final = "sqlite:///"
_say: Final = partial(ENGLISH.say, "background")


@contextmanager
def running_services(
    folder: OfficeFolder,
    database: str | None,
    *,
    importing: Callable[[], AbstractContextManager[object]] = nullcontext,
    on_failure: Callable[[], None] = lambda: None,
    on_update: Callable[[float], object] = lambda _: None,
    passwords: Passwords | None = None,
) -> Iterator[Services]:
    """Create the services and run the engine while the block runs.

    Own task files are imported inside ``importing``, before anything else starts. ``on_failure``
    is called in a thread of the engine when the engine cannot continue, ``on_update`` with the part
    that is done (0 to 1) while a store of an older version is brought up to date. Without
    ``passwords``, the process makes its own.
    Raises ``StartError`` if the database cannot be used, and ``DatabaseTaken`` if another process
    runs its tasks.
    """
    place = place_of(database, folder)
    kept, store = _files(folder, place, on_update)
    settings = CurrentSettings(kept)
    passwords = passwords or Passwords(folder.password_file)
    account = SendingAccount(passwords, folder.root)
    letters = MessageComposer(kept, FolderFiles(folder.batches), settings, passwords, account)
    registry = Registry()
    io = IoThreads(IO_SLOTS)
    item_retention, unchecked, list_in_use = ItemRetention(), Event(), Event()
    config = EngineConfig(
        place,
        registry,
        io=io,
        io_slots=IO_SLOTS,
        on_failure=on_failure,
        on_update=on_update,
        features=domain(
            item_retention,
            unchecked,
            lambda name: letters.templates.edition(name),
            letters.recipients,
            settings.sending,
            list_in_use,
        ),
        mark=ServerMark(folder.newest_group),
    )
    engine = Engine(config)

    def stopped(addresses: Sequence[str]) -> Collection[str]:
        return engine.read(listed, addresses) if addresses and list_in_use.is_set() else ()

    retain = partial(_retain, engine, item_retention)
    registry.add(
        confirmation(
            lambda number: engine.read(read_body, number),
            letters.mailer,
            stopped,
        )
    )
    registry.add(row_copy(partial(row_item, engine), letters.mailer))
    mail_changed = Event()

    def on_mail() -> None:
        unchecked.set()
        mail_changed.set()

    effects = SettingsEffects(settings, engine, passwords, account, on_mail, retain)
    account.on_signed_in = effects.try_mail
    services = Services(
        registry=registry,
        engine=engine,
        streams=OpenStreams(),
        folder=folder,
        settings=settings,
        letters=letters,
        passwords=passwords,
        account=account,
        effects=effects,
        io=io,
    )
    try:
        files = TaskFiles(folder, registry, services.notices)
        with importing():
            files.load()
        prepare_engine(engine, settings, retain)
        with (
            _running(engine, letters, folder),
            _watching(services, folder, store, on_failure),
            following(services, files),
            Sweeper(services),
            DraftChecks(services, unchecked),
            SentCopies(services, mail_changed),
        ):
            yield services
    finally:
        letters.close()
        if store is not None:
            store.close()
        io.shutdown(wait=False, cancel_futures=True)


def _retain(engine: Engine, item_retention: ItemRetention, wanted: KeepSettings) -> None:
    """Keep tasks and items as long as a person wants from now on."""
    engine.keep(timedelta(days=wanted.tasks_days))
    item_retention.contents = wanted.contents_days * DAY_MS
    item_retention.items = wanted.items_days * DAY_MS


@contextmanager
def _running(engine: Engine, letters: MessageComposer, folder: OfficeFolder) -> Iterator[None]:
    """Run the engine while the block runs; no message is made of another store's files."""
    try:
        with letters.making:
            engine.start()
            if not is_on_server(engine.config.database):
                _own_batches(folder, engine.read(store_id))
    except StoreDamaged as error:
        raise DatabaseDamaged(str(error)) from error
    except OtherVersion as error:
        raise OtherProgram(str(error)) from error
    except EngineError as error:
        raise _cannot_start(error) from error
    except OSError as error:
        engine.stop(0)
        why = error.strerror or error
        raise StartError(_say("not_own", folder=folder.batches, why=why)) from error
    try:
        yield
    finally:
        engine.stop(GRACE)


def _own_batches(folder: OfficeFolder, store: str) -> None:
    """Have ``batches`` hold the files of this store only.

    The numbers of batches are those of one store. If another one was here last, its folder is put
    aside as ``batches-`` and its id, and put back when that store is. Raises ``OSError``.
    """
    batches, aside = folder.batches, folder.root / f"batches-{store}"
    name = batches / STORE_NAME
    last = name.read_text() if name.is_file() else ""
    if last == store:
        return
    if last:
        batches.rename(folder.root / f"batches-{last}")
        batches.mkdir(mode=0o700)
    if aside.is_dir() and not any(batches.iterdir()):
        batches.rmdir()
        aside.rename(batches)
    write_atomic(name, store.encode())


@contextmanager
def _watching(
    services: Services, folder: OfficeFolder, store: FileStore | None, on_taken: Callable[[], None]
) -> Iterator[None]:
    """Watch workers and takeovers while the block runs, if the database is on a server.

    Once another process has the tasks, the attempts under way here are lost: they get no grace.
    """
    with ExitStack() as held:
        if store is not None:
            # The database was opened, so psycopg is installed.
            from desktop.backend.on_server import DatabaseWatch
            from sendoff_tasks.postgres.writer_store import read_term

            engine = services.engine
            url = str(engine.config.database)
            watch = DatabaseWatch(engine, url, on_taken, services.cut_off)
            try:
                store.write_in_term(engine.do(read_term).result(), watch.notice_taken)
            except EngineError as error:
                raise _cannot_start(error) from error
            store.write_alone(WRITTEN_ALONE)
            held.callback(engine.board.on_notice(lambda each: _forget_if_restored(store, each)))
            mark_on_server(folder)
            held.callback(lambda: engine.stop(0) if watch.is_taken else None)
            held.enter_context(watch)
        yield


def _forget_if_restored(store: FileStore, notice: Notice) -> None:
    if notice["id"] == NoticeId.RESTORED:
        store.forget()


def place_of(database: str | None, folder: OfficeFolder) -> Path | str:
    """Return the file that holds the tasks, or the address of their database on a server.

    Raises ``StartError`` if the tasks belong to an app, or if the folder has tasks of its own that
    a database on the server would leave behind.
    """
    if database is not None and is_on_server(database):
        if folder.db.exists():
            raise StartError(_say("has_tasks", file=folder.db))
        try:
            reserve(database, PURPOSE)
        except EngineError as error:
            raise StartError(str(error)) from error
        return database
    file = _path(database, folder)
    if app_mark(file).exists():
        raise StartError(_say("of_app", file=file))
    if file == folder.db and folder.server_mark.exists():
        raise StartError(_say("on_server", folder=folder.root))
    return file


def _path(database: str | None, folder: OfficeFolder) -> Path:
    if database is None:
        return folder.db
    path = database.removeprefix(_SQLITE)
    if path in {"", database}:
        raise UsageError(_say("no_database"))
    return Path(path).absolute()


def mark_on_server(folder: OfficeFolder) -> None:
    """Say that the folder's tasks are on a server, so no backend begins a file there."""
    try:
        write_atomic(folder.server_mark, SERVER_MARK)
    except OSError as error:
        raise StartError(unwritten(folder.server_mark, error)) from error


def _files(
    folder: OfficeFolder, place: Path | str, on_update: Callable[[float], object]
) -> tuple[Files, FileStore | None]:
    """Open the settings, templates, attachments and messages: in the folder, or in the database.

    Those of the folder are moved into the database, unless another process runs the tasks.
    """
    if isinstance(place, Path):
        return FolderFiles(folder.root), None
    # The database was opened, so psycopg is installed.
    from sendoff_tasks.postgres.files import DatabaseFiles, FileStore, bring_over
    from sendoff_tasks.postgres.opening import idle

    store = FileStore(place)
    try:
        check_all_keys(folder.settings_file)
        with idle(place, on_update):
            bring_over(folder.root, STORED_FILES, store)
    except (SettingsError, EngineError, OSError) as error:
        store.close()
        raise _cannot_start(error) from error
    return DatabaseFiles(store, folder.uploads), store


def _cannot_start(error: Exception) -> StartError:
    """Translate an error of the start: ``DatabaseTaken`` if another process has the database."""
    return (DatabaseTaken if isinstance(error, DatabaseInUse) else StartError)(str(error))


class Front(AbstractContextManager["Front"]):
    """The backend of a data folder, on the folder's store or on the database at ``database``.

    While another backend runs the tasks of that database, this one is a spare: it refuses requests.
    When the other one ends, this one runs the tasks. Requests need ``token`` and are addressed to
    ``port``. ``address`` is where others reach this backend, if they do. ``on_update`` hears how
    far an update of the store is.
    """

    app: ASGIApp

    def __init__(
        self,
        folder: OfficeFolder,
        database: str | None,
        *,
        token: str,
        port: int,
        address: str | None,
        shutdown: Shutdown,
        passwords: Passwords,
        on_update: Callable[[float], object],
    ) -> None:
        self._folder = folder
        self._database = database
        self._token = token
        self._port = port
        self._address = address
        self._shutdown = shutdown
        self._passwords = passwords
        self._on_update = on_update
        self._held = ExitStack()
        self._turn = threading.Lock()  # held to take the tasks over, or to end
        self._is_over = False
        self._services: Services | None = None
        self._spare: Spare | None = None
        self._refusal = ""  # the last logged reason why the tasks could not be taken over

    def open(self, importing: Callable[[], AbstractContextManager[object]]) -> None:
        """Start the services, or the spare; raises ``StartError``.

        Own task files are imported inside ``importing``.
        """
        try:
            self.app = self._run(importing)
        except DatabaseTaken:
            # The database was opened, so psycopg is installed.
            from desktop.backend.on_server import Spare
            from sendoff_tasks.postgres.mark import ServerMark

            url = str(place_of(self._database, self._folder))
            mark_on_server(self._folder)
            self._spare = Spare(url, ServerMark(self._folder.newest_group), self._take_over)
            log.info("Another backend runs the tasks; this one is a spare")
            self.app = create_spare_app(
                self._spare,
                token=self._token,
                port=self._port,
                tokens_file=self._folder.tokens_file,
            )

    def ready(self) -> None:
        """Follow the other backend as a spare, or prepare for the first item; called once."""
        if self._spare is not None:
            self._held.enter_context(self._spare)
        else:
            self._warm_up()

    def drain(self) -> None:
        """Record that the end was asked for; end the event streams, which do not end themselves."""
        if self._services is not None:
            self._services.engine.note_end(is_to_exit=True)
            self._services.streams.drain()

    def __exit__(self, *_: object) -> None:
        """Stop the spare and the services."""
        with self._turn:
            self._is_over = True
        self._held.close()

    def _run(
        self, importing: Callable[[], AbstractContextManager[object]] = nullcontext
    ) -> ASGIApp:
        """Start the engine and return the application on it; raises ``StartError``."""
        services = self._held.enter_context(
            running_services(
                self._folder,
                self._database,
                importing=importing,
                on_failure=self._shutdown.give_up,
                on_update=self._on_update,
                passwords=self._passwords,
            )
        )
        app = create_app(
            services, token=self._token, port=self._port, tokens_file=self._folder.tokens_file
        )
        engine = services.engine
        if engine.session_name and self._address:
            try:
                announce(str(engine.config.database), engine.session_name, self._address)
            except StoreError as error:
                log.warning(
                    "The address of this backend could not be published to the spares: %s", error
                )
        self._services = services
        return app

    def _take_over(self) -> ASGIApp | None:
        """Run the tasks, unless another process does; returns the application, or ``None``."""
        with self._turn:
            if self._is_over:
                return None
            try:
                app = self._run()
            except DatabaseTaken:
                return None
            except StartError as error:
                if str(error) != self._refusal:
                    log.warning("This process cannot run the tasks: %s", error)
                self._refusal = str(error)
                return None
            self._warm_up()
            return app

    def _warm_up(self) -> None:
        """Do slow preparations in a thread, before the first item needs them."""
        if self._services is not None:
            warming = partial(_prepare, self._services)
            threading.Thread(target=warming, name="warm-up", daemon=True).start()


def _prepare(services: Services) -> None:
    services.io.warm_up()
    services.engine.warm_up()
    services.letters.warm_up()
