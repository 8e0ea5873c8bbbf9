"""``… windows.clerk FOLDER LOG ITEMS``: the real window, and a clerk at work in it.

One step after the other, the clerk corrects an item and sends it, sends another one again, attaches
a file to a template, or submits a new item with a file, which is deleted once the form has it. The
log has ``pressed N VERB ITEM`` before each, and ``answered N`` once the window says that it is
done. The next clerk goes on after the last step pressed.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from desktop.contract.items import CONFIRMATION
from desktop.gui.items.corrections import CorrectionSheet
from desktop.gui.items.form.item_fields import EMAIL
from desktop.gui.program import Program
from desktop.gui.templates.template_sheet import TemplateSheet
from tests.campaign.windows.hand import live, until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

VERBS: Final = ("correct", "resend", "attach", "submit")
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
            "submit": self._submit,
        }  # fmt: skip

    async def work(self) -> None:
        """Take one step after the other."""
        await until(lambda: self._program.source.api)
        print("at work", flush=True)
        while True:
            verb, turn = VERBS[self._step % len(VERBS)], self._step // len(VERBS)
            item = 1 + turn % self._items
            if verb == "resend":
                item += self._items
            await until(lambda: self._program.source.api)
            if await self._verbs[verb](self._step, item):
                self._write(f"answered {self._step}")
            self._step += 1

    async def _correct(self, step: int, item: int) -> bool:
        self._window.page.table.action_chosen.emit("correct", [item])
        sheets = await until(lambda: self._window.findChildren(CorrectionSheet))
        sheet: CorrectionSheet = sheets[0]
        await until(lambda: sheet.isVisible() and not sheet.is_saving)
        sheet.form.fields[EMAIL].set_text(f"c{step}@example.org")
        self._press(step, "correct", item)
        sheet.button.click()
        while not sheet.isHidden():
            await until(lambda: sheet.isHidden() or not sheet.is_saving)
            sheet.button.click()  # a person presses again: it is the same correction
        return sheet.sends

    async def _resend(self, step: int, item: int) -> bool:
        verbs = self._program.rooms.tasks.verbs
        before = {*verbs.pending.actions}
        self._press(step, "resend", item)
        self._window.page.table.action_chosen.emit("resend", [item])
        await until(lambda: not verbs.asking)
        return bool(verbs.pending.actions.keys() - before)

    async def _attach(self, step: int, item: int) -> bool:
        file = self._log.parent / f"{step}.bin"
        file.write_bytes(content(step))
        self._program.rooms.templates.open(TEMPLATE)
        (sheet,) = self._window.findChildren(TemplateSheet)
        await until(lambda: (sheet.editor.saved or {}).get("name") == TEMPLATE)
        self._press(step, "attach", item)
        if step // len(VERBS) < FILES:
            sheet.form.attachments.add([str(file)])
            sheet.foot_row.save.click()
            await until(lambda: sheet.isHidden() or sheet.foot_row.save.text() == sheet.tr("Save"))
            return sheet.isHidden()
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
        form.submit()
        await until(form.is_empty)
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
