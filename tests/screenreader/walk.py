"""The main job done by what a screen reader sees; run by the system's Python, which has pyatspi.

It starts the window, types an item, submits it, sees it sent, and retries one that failed. Each
step finds its control by role and name alone.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import pyatspi
from gi.repository import GLib

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WITHIN = 60.0
"""Seconds that a step may take."""
EDITABLE = {pyatspi.ROLE_TEXT, pyatspi.ROLE_ENTRY}


def main(command: list[str]) -> None:
    """Walk through the window that ``command`` starts; ends it in order."""
    window = subprocess.Popen(command)
    try:
        app = eventually(lambda: application(window.pid), "the program on the bus")
        write(app, "Name", "Ada Lovelace")
        write(app, "E-mail", "ada@example.org")
        press(app, "Submit")
        say("typed and submitted an item")
        eventually(lambda: row(app, "Ada Lovelace", "Sent"), "the item sent")
        say("saw it sent")
        write(app, "Name", "Bo Berg")
        write(app, "E-mail", "first-refused@example.org")
        press(app, "Submit")
        failed = eventually(lambda: row(app, "Bo Berg", "Failed"), "the other one failed")
        say("saw one fail")
        choose(failed)
        again = partial(row, app, "Bo Berg", "Sent")  # a press counts once a person can read it
        eventually(lambda: again() or (pressed(app, "Retry") and None), "the retried one sent")
        say("retried it, and saw it sent")
    finally:
        window.send_signal(signal.SIGTERM)
        window.wait()


def application(process: int) -> Any:
    """Find the program of a process on the accessibility bus."""
    for app in children(pyatspi.Registry.getDesktop(0)):
        if app.get_process_id() == process:
            return app
    return None


def children(accessible: Any) -> list[Any]:
    """Return what is in something, as far as it is still there.

    At once: Qt ends when it is asked for a scroll bar that has gone since they were counted.
    """
    found = [accessible.getChildAtIndex(place) for place in range(accessible.childCount)]
    return [child for child in found if child is not None]


def everything(accessible: Any) -> Iterator[Any]:
    """Give all that is shown in something, from the outside in."""
    for child in children(accessible):
        state = child.getState()
        if state.contains(pyatspi.STATE_SHOWING) or child.getRole() == pyatspi.ROLE_FRAME:
            yield child
            if child.getRole() != pyatspi.ROLE_TABLE:
                yield from everything(child)


def find(app: Any, roles: set[int], name: str) -> Any:
    """Find a control by what it is and is called, also with keys behind its name."""
    for each in everything(app):
        if each.getRole() in roles and each.name.partition("  ")[0].strip() == name:
            return each
    return None


def write(app: Any, name: str, text: str) -> None:
    """Write into the field of this name."""
    field = eventually(lambda: find(app, EDITABLE, name), f"the field {name}")
    field.queryEditableText().setTextContents(text)


def press(app: Any, name: str) -> None:
    """Press the button of this name."""
    eventually(lambda: pressed(app, name), f"the button {name}")


def pressed(app: Any, name: str) -> bool | None:
    """Press the button of this name if it is there."""
    button = find(app, {pyatspi.ROLE_PUSH_BUTTON}, name)
    return None if button is None else button.queryAction().doAction(0)


def row(app: Any, *words: str) -> Any:
    """Find the row of a table in which all these words are; returns its first cell."""
    for table in everything(app):
        if table.getRole() != pyatspi.ROLE_TABLE:
            continue
        cells = table.queryTable()
        for line in range(cells.nRows):
            told = [cells.getAccessibleAt(line, column) for column in range(cells.nColumns)]
            said = " ".join(cell.name for cell in told if cell is not None)
            if all(word in said for word in words):
                return told[0]
    return None


def choose(cell: Any) -> None:
    """Select the row of a cell."""
    cell.queryComponent().grabFocus()
    actions = cell.queryAction()
    for number in range(actions.nActions):
        if actions.getName(number) in {"Press", "Toggle", "SetFocus", "press", "click"}:
            actions.doAction(number)
            return


def eventually(look: Callable[[], Any], what: str) -> Any:
    """Look until something is there; what is on its way is asked for again."""
    latest = time.monotonic() + WITHIN
    while time.monotonic() < latest:
        try:
            found = look()
        except (LookupError, NotImplementedError, GLib.GError):  # it has gone meanwhile
            found = None
        if found is not None:
            return found
        time.sleep(0.05)
    raise SystemExit(f"Not within {WITHIN:.0f} s: {what}.")


def say(step: str) -> None:
    print(f"By its names and roles alone: {step}.", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
