"""The campaign of a spreadsheet: kill -9 while it is uploaded, started, undone and sent."""

from __future__ import annotations

import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from desktop.contract.batches import BatchState, RowOutcome
from sendoff_tasks.client.calls import SortedFilter, new_key
from sendoff_tasks.client.errors import ClientError, Refused
from sendoff_tasks.model.tasks import PAGE_LIMIT
from tests.benchmarks.window.resident import most_resident
from tests.campaign.judge import Verdict
from tests.campaign.lives import Lives, pause
from tests.campaign.settling import WITHIN
from tests.campaign.spreadsheets.upload import LetterUpload, Upload
from tests.campaign.stored import is_sound
from tests.journeys.sink import Sink

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from desktop.client.api import Api
    from desktop.contract.batches import BatchRow
    from tests.campaign.faults import Plan
    from tests.campaign.lives import Life

ANSWER_PAUSE: Final = 0.005
"""Seconds the mail server thinks after a final dot: that is where the outcome is not known."""
UNDONE_OF: Final = 20
"""One start in so many faults is taken back."""


def batches(plan: Plan) -> tuple[Verdict, Upload]:
    """Kill the backend at any moment of a batch's life, one time in ten while it starts.

    Half of the faults come until the batch is started for good, the others while it is sent.
    """
    return _killed(plan, "batch", Upload)


def letters(plan: Plan) -> tuple[Verdict, Upload]:
    """Do the same to a batch of letters: with a logo, a copy, and a file of its own for each row.

    Says how much memory each backend took.
    """
    return _killed(plan, "letter", LetterUpload)


def _killed(plan: Plan, name: str, client: type[Upload]) -> tuple[Verdict, Upload]:
    random = plan.random
    folder = plan.folder / name
    sheet = plan.folder / "members.csv"
    sheet.write_text("E-Mail\n" + "".join(f"m{n}@example.org\n" for n in range(plan.items)))
    before = plan.faults - plan.faults // 2
    most: list[int] = []
    with Sink(plan.folder / f"{name}.sink", ANSWER_PAUSE) as sink:
        lives = Lives(folder, sink.settings(), plan.database())
        upload = client(plan.items, sheet, 1 + plan.faults // UNDONE_OF)
        missing = 0
        try:
            for fault in range(plan.faults):
                life = lives.begin()
                if random.random() < 0.1:
                    pause(random.uniform(0.0, 0.6))
                else:
                    missing += _missing(life, upload)
                    upload.wait_done(WITHIN)  # the fault is to hit the next steps
                    upload.allow(len(upload.steps) * min(fault + 1, before) // before)
                    pause(random.uniform(0.01, 1.0))
                most.append(round(most_resident(life.process.pid)))
                life.kill()
            print(f"MiB of each backend: {most}", file=sys.stderr)
            return _settled(lives, upload, sink, missing), upload
        finally:
            upload.end()


def _missing(life: Life, upload: Upload) -> int:
    """Turn the client to a backend that is ready; counts the rows that its batch lacks."""
    backend = life.ready()
    if backend is None:
        return 0
    number, answered = upload.batch_id, upload.answered
    api = upload.turn_to(backend)
    if number is None:
        return 0
    try:
        return max(0, answered - api.batches.one(number)["counts"]["rows"])
    except Refused:
        return answered
    except ClientError as error:
        upload.odd.append(str(error))
        return 0


def _settled(lives: Lives, upload: Upload, sink: Sink, missing: int) -> Verdict:
    """Run one more backend until every row has come to its end, and judge."""
    life = lives.begin()
    backend = life.ready()
    if backend is None:
        raise RuntimeError(f"it does not start any more; see {lives.folder.logs}")
    api = upload.turn_to(backend)
    upload.allow(len(upload.steps))
    if not upload.wait_done(WITHIN) or upload.batch_id is None:
        raise RuntimeError(f"the batch was never started: {upload.odd}")
    batch = at_rest(api, upload.batch_id)
    rows = list(rows_of(api, upload.batch_id))
    copy = lives.root / "copy.csv"
    api.batches.sheet(upload.batch_id, copy)
    if copy.read_bytes() != upload.sheet.read_bytes():
        upload.odd.append("the kept spreadsheet is not the one that was sent")
    most = most_resident(life.process.pid)
    life.stop()
    print(f"MiB of the last one: {round(most)}", file=sys.stderr)
    sound = is_sound(lives.store)
    received = sink.received()
    return judge_rows(upload.answered, rows, batch["counts"], received, missing, sound=sound)


def judge_rows(
    answered: int,
    rows: list[BatchRow],
    counts: Mapping[str, Any],
    received: Counter[str],
    missing: int,
    *,
    sound: bool,
) -> Verdict:
    """Compare the rows that were answered with what the server received.

    ``unexplained`` are rows that were ``missing`` after a restart, and by which a count is wrong.
    """
    outcomes = Counter(row["outcome"] for row in rows)
    known = {row["message_id"] for row in rows}
    ended = [
        row
        for row in rows
        if row["outcome"] == RowOutcome.UNCERTAIN
        or (row["outcome"] == RowOutcome.SENT and received[row["message_id"] or ""])
    ]
    uncertain = [row for row in ended if row["outcome"] == RowOutcome.UNCERTAIN]
    wrong = sum(abs(counts[name] - outcomes[name]) for name in RowOutcome)
    return Verdict(
        accepted=answered,
        lost=answered - len(ended),
        mails=outcomes[RowOutcome.SENT],
        twice=sum(n - 1 if message in known else n for message, n in received.items()),
        uncertain=len(uncertain),
        arrived=sum(bool(received[row["message_id"] or ""]) for row in uncertain),
        repeated=0,
        unexplained=missing + wrong,
        sound=sound,
    )


def at_rest(api: Api, number: int) -> Any:
    """Wait until no row is open; a person's *Try now* lets go what three crashes have stopped."""
    end = time.monotonic() + WITHIN
    while (batch := api.batches.one(number))["state"] != BatchState.DONE:
        if time.monotonic() > end:
            raise RuntimeError(f"rows are still open after {WITHIN:.0f} s: {batch['counts']}")
        if api.stats()["counts"]["waiting"]:
            api.actions.act("retry", query=SortedFilter(states=("waiting",)), key=new_key())
        pause(0.1)
    return batch


def rows_of(api: Api, number: int) -> Iterator[BatchRow]:
    """Read all rows of a batch."""
    after: str | None = None
    while True:
        page = api.batches.rows(number, after=after, limit=PAGE_LIMIT)
        yield from page["rows"]
        after = page["next"]
        if after is None:
            return
