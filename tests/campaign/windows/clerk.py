"""``… windows.clerk FOLDER LOG ITEMS``: the real window, and a clerk at work in it.

One step after the other, the clerk corrects an item and sends it, sends another one again, attaches
a file to a template, submits a new item with a file, which is deleted once the form has it, or
sends one again and undoes that. The log has ``pressed N VERB ITEM`` before each, and ``answered N``
once the window says that it is done, or undone. The next clerk goes on after the last step pressed.
Without ITEMS nothing is pressed: what an earlier window kept on disk goes in.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from desktop.contract.items import CONFIRMATION
from desktop.gui.items.correction_head import SEND, CorrectionHead
from desktop.gui.items.form.item_fields import EMAIL
from desktop.gui.program import Program
from desktop.gui.templates.letters_place import LettersPlace
from tests.campaign.windows.hand import live, until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

VERBS: Final = ("correct", "resend", "attach", "submit", "undo")
RANGES: Final = {"resend": 1, "undo": 2}
"""Which of the item ranges a verb is for; the others are for the first."""
TEMPLATE: Final = "Letter"
FILES: Final = 250
"""Files that fit beside each other."""
SIZE: Final = 100_000


def content(step: int) -> bytes:
    """Return what the file of a step holds."""
    return random.Random(step).randbytes(SIZE)


class Clerk:
    """Works in a window until it is killed."""

    def __init__(self, program: Program, log: Path, items: int) -> None:
        self._program = program
        self._window = program.window
        self._items = items
        self._log = log
        lines = log.read_text().splitlines() if log.exists() else []
        self._step = sum(line.startswith("pressed") for line in lines)
        self._verbs: dict[str, Callable[[int, int], Awaitable[object]]] = {
            "correct": self._correct, "resend": self._resend, "attach": self._attach,
            "submit": self._submit, "undo": self._undo,
        }  # fmt: skip

    async def work(self) -> None:
        """Take one step after the other."""
        await until(lambda: self._program.source.api)
        print("at work", flush=True)
        while self._items:
            verb, turn = VERBS[self._step % len(VERBS)], self._step // len(VERBS)
            item = 1 + turn % self._items + self._items * RANGES.get(verb, 0)
            await until(lambda: self._program.source.api)
            if await self._verbs[verb](self._step, item):
                self._write(f"answered {self._step}")
            self._step += 1

    async def _correct(self, step: int, item: int) -> bool:
        pane = self._window.page.detail
        pane.show_task(item)
        self._window.enter_desk(pane)
        await until(lambda: pane.task == item and pane.read is not None)
        head = pane.paper.head
        await until(lambda: head is not None and head.isVisible())
        assert isinstance(head, CorrectionHead)
        head.form.fields[EMAIL].replace(f"c{step}@example.org")
        self._press(step, "correct", item)
        head.act(SEND)
        await until(lambda: not self._program.rooms.items.corrections.kept.under_way)
        return True

    async def _resend(self, step: int, item: int) -> bool:
        self._press(step, "resend", item)
        return bool(await self._sent_again(item))

    async def _sent_again(self, item: int) -> set[int]:
        """Send an item again; give the action, if it waits in time."""
        actions = self._program.rooms.tasks.verbs.pending.actions

        def repeats() -> set[int]:
            return {number for number, each in actions.items() if each.action == "resend"}

        before = repeats()
        self._window.page.table.action_chosen.emit("resend", [item])
        with suppress(TimeoutError):
            await asyncio.wait_for(until(lambda: repeats() - before), 5.0)
        return repeats() - before

    async def _undo(self, step: int, item: int) -> bool:
        """Undo at a moment within the grace period; tell whether the window says it is undone."""
        verbs, notes = self._program.rooms.tasks.verbs, self._window.notes
        self._press(step, "undo", item)
        numbers = await self._sent_again(item)
        await asyncio.sleep(random.uniform(0.0, 1.0))
        over = asyncio.Event()
        self._program.rooms.services.live.pending_changed.connect(
            lambda event: over.set() if numbers.intersection(event["gone"]) else None
        )
        verbs.undo(numbers)
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), 2.0)
        return over.is_set() and not any("Too late" in each.text() for each in notes.shown)

    async def _attach(self, step: int, item: int) -> bool:
        file = self._log.parent / f"{step}.bin"
        file.write_bytes(content(step))
        self._program.rooms.templates.open(TEMPLATE)
        (letters,) = self._window.findChildren(LettersPlace)
        await until(lambda: (letters.editor.saved or {}).get("name") == TEMPLATE)
        self._press(step, "attach", item)
        if step // len(VERBS) < FILES:
            letters.form.attachments.add([str(file)])
            letters.save.click()
            await until(lambda: letters.save.text() == letters.tr("Save"))
            return not letters.has_changes()
        return False

    async def _submit(self, step: int, item: int) -> bool:
        file, form = self._log.parent / f"{step}.bin", self._window.form
        file.write_bytes(content(step))
        values = {EMAIL: f"s{step}@example.org"}
        form.restore({"number": "", "values": values, "tasks": [CONFIRMATION]})
        form.files.add([str(file)])
        await until(form.files.ids)
        file.unlink()
        self._press(step, "submit", item)
        accepted = asyncio.Event()
        self._program.rooms.items.submissions.added.connect(lambda *_: accepted.set())
        form.submit()
        await accepted.wait()
        return True

    def _press(self, step: int, verb: str, item: int) -> None:
        self._write(f"pressed {step} {verb} {item}")

    def _write(self, line: str) -> None:
        with self._log.open("a") as log:
            print(line, file=log, flush=True)


def main() -> None:
    """Open the window and work in it."""
    folder, log, items = sys.argv[1:]
    live(Path(folder), lambda program: _live(program, Path(log), int(items)))


async def _live(program: Program, log: Path, items: int) -> None:
    working: asyncio.Task[Any] = asyncio.create_task(Clerk(program, log, items).work())
    working.add_done_callback(lambda task: task.cancelled() or (task.exception() and os._exit(3)))
    await program.main()


if __name__ == "__main__":
    main()
