"""An office that sends spreadsheets through a stepped engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from functools import partial
from threading import Event
from typing import Any

from desktop.contract.batches import Batch, BatchRow, RowCheck, RowOutcome, RowProblem
from desktop.contract.rules.mailbox import Mailbox
from desktop.items.batches.drafting import StartOptions
from desktop.items.batches.rows import CheckedRow, DraftSettings
from desktop.items.facade import Batches
from desktop.items.feature import BatchFeature
from desktop.items.forgetting import ItemRetention
from desktop.items.reads.batches import BATCHES, RowFilter
from desktop.items.sending import Sending
from sendoff_tasks.attempts.outcomes import Failed, LeftUncertain, Outcome, Succeeded
from sendoff_tasks.functions.backoff import Retry
from sendoff_tasks.functions.registry import task
from sendoff_tasks.model.causes import CASES, Cause
from sendoff_tasks.model.states import OPEN, State
from sendoff_tasks.store.reads.causes import read_causes
from sendoff_tasks.transaction.features import OneRead
from sendoff_tasks.transaction.group import Group
from tests.engine.stepped import Stepped

SENT = Succeeded('"250 Ok"')
REFUSED = Failed("550 no such user", "", final=True)


@task(queue="mail", retry=Retry(attempts=2, backoff=lambda attempt, random: 10.0))
def mail(item_id: int) -> None: ...


class Office:
    """The engine's batches by their façade, and how their tasks end."""

    def __init__(self, stepped: Stepped) -> None:
        self.stepped = stepped
        self._brought: dict[tuple[int, int], CheckedRow] = {}
        self.config = stepped
        self.batches = Batches(self, sending=stepped.sending)  # type: ignore[arg-type]

    # what the façade takes an engine for
    def read(self, reading: Callable[..., Any], *args: Any) -> Any:
        with self.stepped.reader.snapshot() as source:
            return reading(source, *args)

    def do(self, verb: Callable[[Group], Any], weight: int = 1) -> Future[Any]:
        assert weight
        future = self.stepped.ask(verb)
        self.stepped.settle()
        return future

    def draft(self, rows: int | Iterable[CheckedRow] = 0, **settings: Any) -> int:
        """Make a draft with these rows, or with so many, whose numbers are those of their items."""
        wanted = {"name": "Members", "key": ["number"], "tasks": ["mail"], **settings}
        number = self.batches.create(DraftSettings(**wanted)).result(0).batch_id
        if rows:
            brought = map(row, range(1, rows + 1)) if isinstance(rows, int) else rows
            self.put(number, brought)
        return number

    def started(self, rows: int | Iterable[CheckedRow], **settings: Any) -> int:
        """Start a batch of these rows, or of so many."""
        number = self.draft(rows, **settings)
        self.start(number)
        return number

    def put(self, number: int, rows: Iterable[CheckedRow]) -> Batch:
        brought = {(number, each.row): each for each in rows}
        self._brought |= brought
        revision = self.batches.revision(number)
        return self.batches.put_rows(number, [*brought.values()], revision).result(0)

    def practise(self, now: bool) -> None:
        """Begin or end practice mode."""
        self.stepped.sending.recall((), practising=now)

    def check_drafts(self) -> None:
        """Check the rows again that are unchecked, as they were brought."""
        for number in self.batches.unchecked_drafts():
            revision, stored = self.batches.unchecked(number, 100, 0)
            rows = [self._brought[number, each.row] for each in stored]
            self.batches.put_rows(number, rows, revision, is_change=False).result(0)

    def start(self, number: int, **options: Any) -> Batch:
        """Start a draft once its rows are checked, for changed rows too unless ``options`` say."""
        self.check_drafts()
        wanted = StartOptions(**{"send_changed": True, **options})
        return self.batches.start(number, wanted).result(0)

    def send(self, number: int, outcome: Outcome = SENT) -> None:
        """Start a draft and have all of it end so."""
        self.start(number)
        self.finish(outcome)

    def sent(self, rows: int | Iterable[CheckedRow], **settings: Any) -> int:
        """Start a batch of these rows, or of so many, and have all of it succeed."""
        number = self.started(rows, **settings)
        self.finish()
        return number

    def wait(self, seconds: float) -> None:
        """Let so much time pass."""
        self.stepped.clock.time += seconds
        self.stepped.settle()

    def lose(self, task: int) -> None:
        """Have an attempt end past its point of no return without an answer."""
        self.stepped.cross(task)
        self.end(LeftUncertain("no answer", ""))

    def end(self, outcome: Outcome = SENT) -> int | None:
        """End the running attempt with the lowest number; returns its task."""
        running = self.stepped.lane.running
        if not running:
            return None
        number = min(running)
        self.stepped.end(number, outcome)
        return number

    def finish(self, outcome: Outcome = SENT) -> None:
        """End every attempt until nothing runs."""
        while self.end(outcome):
            pass

    def retry(self, number: int) -> int:
        """Retry the failed rows of a batch; tell how many."""
        failed = self.batches.get(number)["counts"]["failed"]
        self.batches.act("retry", number).result(0)
        return failed - self.batches.get(number)["counts"]["failed"]

    def counts(self, number: int) -> dict[str, int]:
        """Tell the counts of a batch that are not 0."""
        return {name: n for name, n in self.batches.get(number)["counts"].items() if n}  # type: ignore[misc]

    def causes(self, *states: str, batch_id: int | None = None) -> list[Cause]:
        """Tell what stops tasks, of all batches or of one, with what waits behind them."""
        stepped, feature = self.stepped, BatchFeature(ItemRetention(), Event(), Sending())
        now = round(stepped.clock.now() * 1000)
        reading = OneRead(stepped.core.memory, stepped.connection, stepped.registry, now)
        behind = partial(feature.behind, reading, batch_id)
        paused = feature.paused(reading, batch_id)
        wanted, known = states or CASES, BATCHES
        return read_causes(stepped.connection, wanted, batch_id, behind, paused, known=known)

    def rows(self, number: int, **wanted: Any) -> list[BatchRow]:
        """Read all rows that are meant, page by page."""
        found: list[BatchRow] = []
        after: str | None = None
        while True:
            page = self.batches.rows(number, RowFilter(**wanted), after, 7)
            found += page["rows"]
            after = page["next"]
            if after is None:
                return found

    def told(self, number: int) -> dict[int, str | None]:
        """Tell the outcome of each row."""
        return {each["row"]: each["outcome"] for each in self.rows(number)}

    def marked(self, number: int, name: str) -> int:
        """Count the rows of whose check ``name`` is told."""
        return sum(name in each["data"] for each in self.rows(number))

    def check(self) -> None:
        """Assert that the counts of every batch are what its rows say."""
        self.stepped.check()
        for batch in self.batches.list()["batches"]:
            rows, counts = self.rows(batch["batch_id"]), batch["counts"]
            assert counts["rows"] == len(rows)
            checks = Counter(each["check"] for each in rows)
            outcomes = Counter(each["outcome"] for each in rows)
            if batch["state"] == "draft":
                assert counts["unchecked"] == checks[None]
                for check in RowCheck:
                    name = "problems" if check is RowCheck.PROBLEM else check.value
                    assert counts[name] == checks[check]  # type: ignore[literal-required]
            else:
                for outcome in RowOutcome:
                    assert counts[outcome.value] == outcomes[outcome]
                times = [each["sent_at"] for each in rows if each["outcome"] == "sent"]
                assert batch["marked"] == times.count(None)
                assert (batch["state"] == "done") == (counts["open"] == 0)
            self._check_rows(batch, rows)

    def _check_rows(self, batch: Batch, rows: list[BatchRow]) -> None:
        """Assert that each row is told by its newest message, else task, and says so once."""
        query = (
            "SELECT batch_row, id, state FROM tasks WHERE batch_id = ? "
            "AND NOT (state = 'cancelled' AND attempt = 0 AND resend_of IS NOT NULL) "
            "ORDER BY reference IS NOT NULL, id"
        )
        newest = {
            place: (number, state)
            for place, number, state in self.stepped.connection.execute(query, (batch["batch_id"],))
        }
        for each in rows:
            if each["row"] in newest and batch["state"] != "draft":
                number, state = newest[each["row"]]
                assert (each["task_id"], each["state"]) == (number, state)
                assert (each["outcome"] == "open") == (State(state) in OPEN)


def row(
    number: int, *, item: int | None = 0, problem: RowProblem | None = None, **body: Any
) -> CheckedRow:
    """Return a row whose item has the row's number, unless another is given."""
    given: Mapping[str, Any] = {
        "title": "Opera",
        "recipient": {"name": f"P{number}", "email": f"p{number}@example.org"},
        **body,
    }
    own = number if item == 0 else item
    whole = given if own is None else {**given, "item_id": own}
    person = {"name": "", "email": "", **given["recipient"]}
    return CheckedRow(number, whole, str(Mailbox(person["name"], person["email"])), problem)
