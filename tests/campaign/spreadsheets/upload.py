"""One client that brings a spreadsheet of rows, starts it, undoes it, and starts it again."""

from __future__ import annotations

import random
import threading
from base64 import b64encode
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from desktop.contract.batches import BatchState
from sendoff_tasks.client.calls import new_key
from sendoff_tasks.client.errors import BackendBusy, BackendGone, ClientError, Refused
from tests.campaign.caller import Caller
from tests.letter.arrived import SOURCE, letterhead

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.client.api import Api
    from desktop.contract.batches import NewBatch, NewRow

    Step = Callable[[Api], None]

CHUNK: Final = 250
"""Rows of one call."""
LATER: Final = 3600.0
"""Seconds a start that is undone leaves for that."""
AGAIN: Final = 0.05
"""Seconds after which what was refused for now is asked again."""


@dataclass
class Upload(Caller):
    """Does its steps one after the other, each until it is answered; ``allow`` lets it go on.

    ``answered`` rows are in the draft for good.
    """

    rows: int
    sheet: Path
    undone: int
    """How many times the batch is started and taken back before it is sent."""
    answered: int = 0
    batch_id: int | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.steps: list[Step] = [self._create, self._keep_sheet]
        self.steps += [self._chunk(n) for n in range(0, self.rows, CHUNK)]
        for _ in range(self.undone):
            self.steps += [self._start(LATER), self._undo]
        self.steps += [self._start(0)]
        self._allowance = 0
        self._done = 0
        self._key = new_key()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def allow(self, steps: int) -> None:
        """Let it go on up to this step."""
        with self._changed:
            self._allowance = steps
            self._changed.notify_all()

    def wait_done(self, within: float) -> bool:
        """Wait until the steps it may do were answered, or so many seconds; tells which."""
        with self._changed:
            return self._changed.wait_for(lambda: self._done >= self._allowance, within)

    def end(self) -> None:
        """Let it end."""
        self._end(self._thread)

    def _run(self) -> None:
        for place, step in enumerate(self.steps):
            with self._changed:
                self._changed.wait_for(lambda place=place: self._over or place < self._allowance)  # type: ignore[misc]
            self._until_answered(step)
            with self._changed:
                self._done += 1
                self._changed.notify_all()

    def _until_answered(self, step: Step) -> None:
        api: Api | None = None
        gone: Api | None = None
        while (api := self._present(other_than=gone)) is not None:
            try:
                step(api)
            except BackendGone:
                gone = api
            except BackendBusy:
                self.refused += 1
                self._wait()
            except Refused as error:  # rows are still being checked
                if error.status != 409:
                    self.odd.append(str(error))
                    return
                self._wait()
            except ClientError as error:
                self.odd.append(str(error))
                return
            else:
                return

    def _wait(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._over, AGAIN)

    def _create(self, api: Api) -> None:
        self.batch_id = api.batches.create({"name": self.sheet.name}, self._key)

    def _keep_sheet(self, api: Api) -> None:
        api.batches.keep_sheet(self._number, self.sheet)

    def _chunk(self, first: int) -> Step:
        rows = [self._row(n) for n in self._numbers(first)]

        def step(api: Api) -> None:
            api.batches.add_rows(self._number, rows)
            self.answered += len(rows)

        return step

    def _numbers(self, first: int) -> range:
        return range(first + 1, min(first + CHUNK, self.rows) + 1)

    def _start(self, delay: float) -> Step:
        key = new_key()

        def step(api: Api) -> None:
            api.batches.start(self._number, key, undo_for=delay)

        return step

    def _undo(self, api: Api) -> None:
        if api.batches.one(self._number)["state"] != BatchState.DRAFT:
            api.batches.delete(self._number)

    @property
    def _number(self) -> int:
        assert self.batch_id is not None
        return self.batch_id

    def _row(self, number: int) -> NewRow:
        recipient: Any = {"name": f"Member {number}", "email": f"m{number}@example.org"}
        return {"row": number + 1, "item": {"title": "Renewal", "recipient": recipient}}


FILE_BYTES: Final = 20_000


class LetterUpload(Upload):
    """Brings letters: with a logo, and for each row a copy and a file of its own."""

    def _create(self, api: Api) -> None:
        head = asdict(letterhead())
        api.templates.save_letterhead({**head, "logo": b64encode(head["logo"]).decode()})
        api.templates.save("seats", {"source": SOURCE})
        settings: NewBatch = {"name": self.sheet.name, "template": "seats"}
        self.batch_id = api.batches.create(settings, self._key)

    def _chunk(self, first: int) -> Step:
        numbers, rows = self._numbers(first), super()._chunk(first)

        def step(api: Api) -> None:
            for number in numbers:
                file = self.sheet.with_name(f"{number}.pdf")
                file.write_bytes(random.Random(number).randbytes(FILE_BYTES))
                api.batches.attach(self._number, file, more=True)
                file.unlink()
            rows(api)

        return step

    def _row(self, number: int) -> NewRow:
        row = super()._row(number)
        row["item"] |= {
            "cc": f"c{number}@example.org",
            "fields": {"Seats": str(number)},
            "attachments": [f"{number}.pdf"],
        }
        return row
