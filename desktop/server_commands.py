"""The server's commands: ``sendoff serve``, ``worker``, ``migrate``, ``move`` and ``token``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop.settings.paths import DataFolder, data_dir
from desktop.shell.options import values
from desktop.shell.terminal import fail

if TYPE_CHECKING:
    import argparse

    from desktop.shell.options.values import Command

NUL: Final = "Rows whose NUL characters became U+FFFD, because PostgreSQL stores none: {:,}."


def add_serve(add: Command) -> None:
    """Add ``sendoff serve``, which runs the backend alone."""
    does = "run the backend alone"
    more = (
        "When it is ready it prints one line of JSON with its url and pid; logs go to stderr. "
        "SIGTERM or Ctrl+C lets running tasks end (up to 10 s) and hands the rest back."
    )
    serve = add("serve", does, more)
    serve.add_argument(
        "--host", default="127.0.0.1", help="loopback address to listen on (default: %(default)s)"
    )
    serve.add_argument(
        "--port",
        type=values.port,
        default=0,
        help="port to listen on (default: 0, the system picks one)",
    )
    serve.add_argument(
        "--database", metavar="URL", help="postgresql://… (default: sendoff.db in the data folder)"
    )
    serve.add_argument(
        "--token-file",
        dest="own_token",
        type=values.path,
        metavar="FILE",
        help="a file that only you can read, with the token that requests bring (default: a new "
        "one at each start, in backend.json)",
    )
    serve.add_argument(
        "--address",
        type=values.url,
        metavar="URL",
        help="https://…, where others reach this backend: the spares of its database tell it",
    )
    serve.add_argument("--parent-pipe", action="store_true", help="end when stdin closes, too")
    serve.set_defaults(run=_serve)


def add_worker(add: Command) -> None:
    """Add ``sendoff worker``, which runs attempts for another process."""
    does = "run tasks that are in PostgreSQL: an app's, or of `sendoff serve --database`"
    more = (
        "Any number of workers, on any machine with the tasks' code, run what the process that "
        "serves the app or the items gives them. SIGTERM or Ctrl+C lets running tasks end (up to "
        "10 s) and hands the rest back."
    )
    worker = add("worker", does, more)
    worker.add_argument("--database", metavar="URL", required=True, help="postgresql://…")
    worker.add_argument(
        "--import",
        dest="modules",
        metavar="MODULE",
        action="append",
        default=[],
        help="a module with tasks, such as shop.tasks; may be given several times, and is needed "
        "for an app's tasks",
    )
    worker.add_argument(
        "--queues",
        nargs="+",
        metavar="QUEUE",
        default=[],
        help="run only the tasks of these queues that @task describes (default: all)",
    )
    worker.set_defaults(run=_worker)


def add_migrate(add: Command) -> None:
    """Add ``sendoff migrate``, which makes the tables."""
    does = "make the tables in PostgreSQL"
    more = (
        "Use this, as the owner of the tables, if the user of the app or the backend is not, and "
        "grant the rights afterwards. Tables of this version are not changed."
    )
    migrate = add("migrate", does, more)
    migrate.add_argument("--database", metavar="URL", required=True, help="postgresql://…")
    migrate.set_defaults(run=_migrate)


def add_move(add: Command) -> None:
    """Add ``sendoff move``, which copies a data folder into PostgreSQL."""
    does = "move a data folder's contents to PostgreSQL: items, tasks, batches, templates, files"
    more = (
        "Nothing may run on the folder, and the database has to be empty. All is brought over in "
        "one transaction and compared. If it ends before that, both stay as they were; run it "
        "again. Spreadsheets, tokens and your own tasks stay in the folder."
    )
    move = add("move", does, more)
    move.add_argument("--to", metavar="URL", required=True, help="postgresql://…")
    move.set_defaults(run=_move)


def add_tokens(add: Command, everywhere: argparse.ArgumentParser) -> None:
    """Add ``sendoff token`` with its verbs."""
    does = "make, list and remove tokens for windows on other machines"
    more = "A backend that runs takes the change at once."
    verbs = add("token", does, more).add_subparsers(metavar="VERB", required=True)
    for verb, words, run in (
        ("add", "make a token, and print it this once", _add_token),
        ("list", "list the tokens by their names", _list_tokens),
        ("remove", "revoke a token", _remove_token),
    ):
        whole = f"{words[0].upper()}{words[1:]}."
        command = verbs.add_parser(verb, parents=[everywhere], help=words, description=whole)
        command.set_defaults(run=run)
        if verb != "list":
            command.add_argument("name", metavar="NAME", type=values.token_name)
        if verb == "add":
            viewer = "it allows reading only"
            command.add_argument("--viewer", action="store_true", help=viewer)
            days = "days after which it expires (default: never)"
            command.add_argument("--days", type=values.days, metavar="N", help=days)


def _serve(options: argparse.Namespace) -> int:
    from desktop.backend import process

    return process.serve(
        process.ServeOptions(
            data_dir=options.data_dir,
            host=options.host,
            port=options.port,
            database=options.database,
            parent_pipe=options.parent_pipe,
            token_file=options.own_token,
            address=options.address,
        )
    )


def _worker(options: argparse.Namespace) -> int:
    from desktop.backend import worker
    from desktop.engine.store.errors import StoreError
    from desktop.engine.worker.process import NotImported

    wanted = worker.WorkerOptions(options.database, options.modules, options.queues)
    try:
        return worker.run(wanted, DataFolder(data_dir(options.data_dir)))
    except (StoreError, NotImported) as error:
        return fail(str(error))


def _migrate(options: argparse.Namespace) -> int:
    from desktop.engine.facade import opening
    from desktop.engine.store.errors import StoreError

    try:
        version = opening.migrate(options.database)
    except StoreError as error:
        return fail(str(error))
    print(f"The tables in the schema sendoff are of version {version}.")  # noqa: T201
    return 0


def _move(options: argparse.Namespace) -> int:
    from desktop.engine.errors import EngineError
    from desktop.engine.facade.moving import move
    from desktop.mail.files import KEPT
    from desktop.settings.preferences.settings_file import SettingsError, check_all_keys

    folder = DataFolder(data_dir(options.data_dir))
    try:
        if not folder.app_mark.exists():
            check_all_keys(folder.settings_file)
        rows, changed, files = move(folder, options.to, KEPT)
    except PermissionError:
        raise  # the folder is another user's
    except (SettingsError, EngineError, OSError) as error:
        return fail(str(error))
    moved = f"{rows['items']:,} items, {rows['tasks']:,} tasks and {len(files):,} files were moved"
    print(f"{moved}; {sum(rows.values()):,} rows and all files are equal there.")  # noqa: T201
    if changed:
        print(NUL.format(changed))  # noqa: T201
    return 0


def _add_token(options: argparse.Namespace) -> int:
    from desktop.shell.commands import token

    return token.add(options.data_dir, options.name, viewer=options.viewer, days=options.days)


def _list_tokens(options: argparse.Namespace) -> int:
    from desktop.shell.commands import token

    return token.show(options.data_dir)


def _remove_token(options: argparse.Namespace) -> int:
    from desktop.shell.commands import token

    return token.remove(options.data_dir, options.name)


RUN: Final = frozenset({_serve, _worker, _migrate, _move, _add_token, _list_tokens, _remove_token})
"""The commands that do not ask a running backend."""
