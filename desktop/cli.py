"""Commands and their options → the window, the backend or a shell command, imported on demand."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from desktop import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    # argparse has no public name for it.
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit status.

    Raises:
        SystemExit: 2 with the usage on stderr, 0 for ``--help``; argparse's way.
    """
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.run
    return command(options)


def _parser() -> argparse.ArgumentParser:
    everywhere = argparse.ArgumentParser(add_help=False)
    everywhere.add_argument(
        "--data-dir",
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="where Sendoff keeps everything (default: the per-user data folder)",
    )
    parser = argparse.ArgumentParser(
        prog="sendoff",
        description="Register items; their background tasks run durably. No command: the window.",
        parents=[everywhere],
    )
    parser.add_argument("--version", action="version", version=f"Sendoff {__version__}")
    parser.set_defaults(run=_window, data_dir=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for add in (_add_serve, _add_submit, _add_tasks, _add_actions, _add_watch, _add_install):
        add(commands, everywhere)
    return parser


def _add_serve(commands: Subparsers, everywhere: argparse.ArgumentParser) -> None:
    serve = commands.add_parser("serve", parents=[everywhere], help="the backend alone")
    serve.add_argument("--host", default="127.0.0.1", help="loopback address to listen on")
    serve.add_argument("--port", type=_port, default=0, help="0: the system picks one (default)")
    serve.add_argument("--database", metavar="URL", help="default: sendoff.db in the data folder")
    serve.add_argument("--no-lanes", action="store_true", help="take items, run no tasks")
    serve.add_argument("--parent-pipe", action="store_true", help="end when stdin closes")
    serve.set_defaults(run=_serve)


def _add_submit(commands: Subparsers, everywhere: argparse.ArgumentParser) -> None:
    submit = commands.add_parser("submit", parents=[everywhere], help="register one item")
    submit.add_argument("--id", type=_number, metavar="N", help="its number (default: the next)")
    submit.add_argument("--to", metavar="ADDR", help="the recipient's e-mail address")
    submit.add_argument("--name", help="the recipient's name")
    submit.add_argument("--title", help="what the item is")
    submit.add_argument("--template", metavar="NAME", help="the mail's template")
    submit.add_argument("--field", action="append", type=_pair, default=[], metavar="K=V")
    submit.add_argument("--delay", type=float, metavar="S", help="seconds before its tasks start")
    submit.set_defaults(run=_submit)


def _add_tasks(commands: Subparsers, everywhere: argparse.ArgumentParser) -> None:
    tasks = commands.add_parser("tasks", parents=[everywhere], help="list tasks")
    tasks.add_argument("--state", action="append", metavar="S", help="may be given several times")
    tasks.add_argument("--text", default="", metavar="T", help="words of a name, address or title")
    tasks.add_argument("--json", action="store_true", help="the rows as one JSON array")
    tasks.set_defaults(run=_tasks)


def _add_actions(commands: Subparsers, everywhere: argparse.ArgumentParser) -> None:
    sentences = {
        "retry": "run failed, cancelled or waiting tasks again",
        "cancel": "stop open tasks",
        "resolve": "say of uncertain tasks whether it happened",
    }
    for name, sentence in sentences.items():
        action = commands.add_parser(name, parents=[everywhere], help=sentence)
        action.add_argument("ids", nargs="+", type=_number, metavar="ID")
        if name == "resolve":
            action.add_argument("--outcome", required=True, choices=["done", "again"])
        action.set_defaults(run=_act, action=name)


def _add_watch(commands: Subparsers, everywhere: argparse.ArgumentParser) -> None:
    watch = commands.add_parser("watch", parents=[everywhere], help="print changes as they happen")
    watch.set_defaults(run=_watch)


def _add_install(commands: Subparsers, everywhere: argparse.ArgumentParser) -> None:
    install = commands.add_parser(
        "install-launcher", parents=[everywhere], help="add Sendoff to the applications menu"
    )
    install.set_defaults(run=_install_launcher)


def _number(text: str) -> int:
    from desktop.contract.tasks import ID_LIMIT

    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= ID_LIMIT):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {ID_LIMIT}")
    return int(text)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")
    return int(text)


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form key=value")
    return key, value


def has_display() -> bool:
    """Tell whether a window can be shown (Linux asks for a display server, others have one)."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _window(options: argparse.Namespace) -> int:
    if not has_display():
        from desktop.shell import headless

        return headless.run(options.data_dir)
    from desktop import app

    return app.run(app.WindowOptions(data_dir=options.data_dir))


def _serve(options: argparse.Namespace) -> int:
    from desktop.backend import process

    return process.serve(
        process.ServeOptions(
            data_dir=options.data_dir,
            host=options.host,
            port=options.port,
            database=options.database,
            lanes=not options.no_lanes,
            parent_pipe=options.parent_pipe,
        )
    )


def _submit(options: argparse.Namespace) -> int:
    from desktop.shell import submit

    return submit.run(options)


def _tasks(options: argparse.Namespace) -> int:
    from desktop.shell import tasks

    return tasks.show(options.data_dir, tuple(options.state or ()), options.text, options.json)


def _act(options: argparse.Namespace) -> int:
    from desktop.shell import actions

    return actions.run(
        options.data_dir, options.action, options.ids, getattr(options, "outcome", None)
    )


def _watch(options: argparse.Namespace) -> int:
    from desktop.shell import watch

    return watch.run(options.data_dir)


def _install_launcher(_: argparse.Namespace) -> int:
    from desktop.shell import install

    return install.run()
