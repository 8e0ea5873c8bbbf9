"""Two imports of the same people, in any order, never send a row twice by themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from desktop.contract.batches import BY_ADDRESS, BY_NAME, BY_NUMBER, BatchKey
from desktop.items.accepting import ItemCorrection, NewItemRow
from desktop.items.batches.drafting import StartOptions
from desktop.items.correcting import correct, prepare_correction
from desktop.items.reads.items import read_body
from sendoff_tasks.attempts.outcomes import Cancelled, Later, LeftUncertain
from sendoff_tasks.errors import EngineError, TaskCancelled
from sendoff_tasks.functions.backoff import Retry
from sendoff_tasks.functions.registry import task
from sendoff_tasks.store.reads.catalogue import read_pending
from sendoff_tasks.submission import NewTask
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.pending import undo_pending
from sendoff_tasks.verbs.resolve import resolve
from sendoff_tasks.verbs.retry import retry
from tests.engine.reference.fuse import Crash
from tests.engine.stepped import Stepped, registry
from tests.items.batches.office import REFUSED, SENT, Office, row
from tests.property_based import examples

_NUMBERS = count(1)


@task(
    name="mail",
    queue="mail",
    retry=Retry(attempts=2, backoff=lambda attempt, random: 10.0),
    reference=lambda: f"<{next(_NUMBERS)}@example.org>",
)
def message(item_id: int) -> None: ...


PEOPLE = 3
imports = st.sampled_from(["old", "new"])
keys = st.sampled_from(
    [
        (BY_NUMBER, BY_NUMBER),
        (BY_ADDRESS, BY_ADDRESS),
        (BY_NAME, BY_NAME),
        (BY_ADDRESS, BY_NAME),
        (BY_NAME, BY_ADDRESS),
        (BY_ADDRESS, BY_NUMBER),
    ]
)
"""By what each import recognizes its rows: by address first, then by the numbers these rows got."""
rates = st.sampled_from([None, "1/min", "2/h"])
cuts = st.sampled_from([None] * 40 + [*range(40)])
"""Before which statement the power is cut; mostly before none."""


class Letter(NamedTuple):
    """A message that left, or may have left: by which task, to whom, and what it says."""

    task: int
    to: str
    words: str


class TwoImports(RuleBasedStateMachine):
    """Checks, starts, kills, corrections, cancels, retries and undos of two imports.

    The second import has some rows like the first, and the others with newer words. A message
    leaves once its attempt is past its point of no return, unless the server refuses it.
    """

    def __init__(self, make: Callable[[], Stepped]) -> None:
        super().__init__()
        self.office = Office(make())
        self.stepped = self.office.stepped
        self.left: list[Letter] = []
        self.handed_over: dict[int, Letter] = {}
        self.numbers = count(1)
        self.words: dict[str, dict[int, str]] = {}
        self.asked_again = set[int]()
        """Cancelled tasks that a person had run again, which is not *by itself*."""
        self.is_plain = True  # nothing failed, and no person took anything back
        self._seen: tuple[Any, ...] = ()
        self._listed: list[Any] = []

    def teardown(self) -> None:
        """End with all that still leaves: what was done before shows in it."""
        try:
            self.let_all_leave()
            self.nothing_left_twice()
            if self.is_alike:
                self.nothing_older_left_after_newer_words()
        finally:
            self.stepped.close()

    @initialize(
        keys=keys,
        rates=st.tuples(rates, rates),
        newer=st.sets(st.integers(1, PEOPLE)),
        begun=st.sampled_from([[], ["old"], ["new"], ["old", "new"], ["new", "old"]]),
    )
    def open(
        self,
        keys: tuple[tuple[BatchKey, ...], ...],
        rates: tuple[str | None, ...],
        newer: set[int],
        begun: list[str],
    ) -> None:
        """Begin with both drafts, and mostly with a start: there the rows meet."""
        self.keys = dict(zip(("old", "new"), keys, strict=True))
        for name, rate in zip(self.keys, rates, strict=True):
            self.make_draft(None, name, rate, newer)
        for name in begun:
            self.start_import(None, name, checks=True, delay=0)

    def do(self, cut: int | None, verb: Callable[[], object]) -> None:
        """Do something, with the power cut before one of its statements or never."""
        self.stepped.fuse.set(cut)
        with suppress(EngineError, TimeoutError, Crash):
            verb()
        burnt = self.stepped.fuse.burnt or self.stepped.fuse.committed
        self.stepped.fuse.set(None)
        if cut is not None and burnt:
            self.restart()
        self.stepped.settle()

    def restart(self) -> None:
        """Begin again after a kill: what was handed over may have left."""
        self.is_plain = False
        self.left += self.handed_over.values()
        self.handed_over.clear()
        self.stepped.restart()

    def number_of(self, name: str) -> int | None:
        return next((each["batch_id"] for each in self.listed() if each["name"] == name), None)

    def with_import(self, cut: int | None, name: str, verb: Callable[[int], object]) -> None:
        number = self.number_of(name)
        if number is not None:
            self.do(cut, lambda: verb(number))

    def has_started(self) -> bool:
        return any(each["started_at"] for each in self.listed())

    def has_any(self, state: str) -> bool:
        return state in self.stepped.states().values()

    @precondition(lambda self: len(self.listed()) < 2)
    @rule(cut=cuts, name=imports, rate=rates, newer=st.sets(st.integers(1, PEOPLE)))
    def draft(self, cut: int | None, name: str, rate: str | None, newer: set[int]) -> None:
        if self.number_of(name) is None:
            self.make_draft(cut, name, rate, newer)

    def make_draft(self, cut: int | None, name: str, rate: str | None, newer: set[int]) -> None:
        key = self.keys[name]
        items = self.items_of(key)
        words = {n: "new" if name == "new" and n in newer else "old" for n in items}
        rows = [row(n, item=items[n], fields={"Seat": said}) for n, said in words.items()]
        self.words[name] = words

        def verb() -> None:
            number = self.office.draft(name=name, rate=rate, key=[*key])
            self.office.put(number, rows)

        if rows:
            self.do(cut, verb)

    def items_of(self, key: tuple[BatchKey, ...]) -> dict[int, int | None]:
        """Return the people of a spreadsheet, each with the item's number that stands there."""
        if key != BY_NUMBER:
            return dict.fromkeys(range(1, PEOPLE + 1))
        if self.keys["old"] == BY_NUMBER:
            return {n: n for n in range(1, PEOPLE + 1)}
        store = self.stepped.connection
        bodies: dict[int, Any] = {
            item: read_body(store, item)
            for (item,) in store.execute("SELECT id FROM items ORDER BY id")
        }
        return {int(body["recipient"]["name"][1:]): item for item, body in bodies.items()}

    @precondition(lambda self: any(each["state"] == "draft" for each in self.listed()))
    @rule(cut=cuts)
    def check(self, cut: int | None) -> None:
        self.do(cut, self.office.check_drafts)

    @precondition(lambda self: any(each["state"] == "draft" for each in self.listed()))
    @rule(cut=cuts, name=imports, checks=st.booleans(), delay=st.sampled_from([0, 30]))
    def start(self, cut: int | None, name: str, checks: bool, delay: int) -> None:
        self.start_import(cut, name, checks=checks, delay=delay)

    def start_import(self, cut: int | None, name: str, *, checks: bool, delay: int) -> None:
        if checks:
            self.office.check_drafts()
        self.stepped.clock.time += 1  # else the lower number counts as started first
        options = StartOptions(send_changed=True, undo_for=delay)
        start = self.office.batches.start
        self.with_import(cut, name, lambda number: start(number, options).result(0))

    @precondition(lambda self: self.has_started())
    @rule(cut=cuts, name=imports)
    def pause_or_resume(self, cut: int | None, name: str) -> None:
        def verb(number: int) -> None:
            is_paused = self.office.batches.get(number)["state"] == "paused"
            batches = self.office.batches
            (batches.resume if is_paused else batches.pause)(number).result(0)

        self.with_import(cut, name, verb)

    @precondition(lambda self: self.has_started())
    @rule(cut=cuts, name=imports)
    def cancel_import(self, cut: int | None, name: str) -> None:
        self.is_plain = False
        self.with_import(
            cut, name, lambda number: self.office.batches.act("cancel", number).result(0)
        )

    @precondition(lambda self: self.has_any("failed"))
    @rule(cut=cuts, name=imports)
    def retry_import(self, cut: int | None, name: str) -> None:
        self.with_import(
            cut, name, lambda number: self.office.batches.act("retry", number).result(0)
        )

    @precondition(lambda self: self.has_started())
    @rule(cut=cuts, name=imports)
    def undo_import(self, cut: int | None, name: str) -> None:
        self.is_plain = False
        self.with_import(cut, name, self.take_back)

    def take_back(self, number: int) -> None:
        """Undo the start while it is offered, else make the batch a draft again."""
        waiting = read_pending(
            self.stepped.connection, round(self.stepped.clock.now() * 1000), None
        )
        offered = [
            row["id"] for row in waiting if (row["action"], row["batch_id"]) == ("start", number)
        ]
        if offered:
            self.office.do(partial(undo_pending, number=offered[0])).result(0)
        else:
            self.office.batches.delete(number).result(0)

    @precondition(lambda self: self.stepped.states())
    @rule(cut=cuts, place=st.integers(0, 5), meant=st.sampled_from([cancel, retry]))
    def change_one(self, cut: int | None, place: int, meant: Any) -> None:
        self.is_plain = False
        tasks = [*self.stepped.states().items()]
        if place < len(tasks):
            number, state = tasks[place]
            if meant is retry and state == "cancelled":
                self.asked_again.add(number)

            def verb() -> None:
                self.stepped.ask_change(meant, number)
                self.stepped.settle()

            self.do(cut, verb)

    @precondition(lambda self: self.stepped.states())
    @rule(cut=cuts, number=st.integers(1, PEOPLE), send=st.booleans())
    def correct_one(self, cut: int | None, number: int, send: bool) -> None:
        """Give an item words that no import has."""
        self.is_plain = False
        found = self.stepped.connection.execute("SELECT id FROM items ORDER BY id").fetchall()
        if number > len(found):
            return
        (item,) = found[number - 1]
        body: Any = {**read_body(self.stepped.connection, item)}
        body["fields"] = {"Seat": f"typed {next(self.numbers)}"}
        to = body["recipient"]["email"]
        wanted = ItemCorrection(NewItemRow(item, body, [NewTask("mail", to=to)]), to, send)
        prepared = prepare_correction(wanted, self.stepped.registry)
        self.do(cut, lambda: self.office.do(lambda group: correct(group, prepared)).result(0))

    @precondition(lambda self: self.has_any("running"))
    @rule()
    def hand_over(self) -> None:
        """Have an attempt pass its point of no return."""
        waiting = self.stepped.lane.running.keys() - self.handed_over.keys()
        if waiting:
            number = min(waiting)
            letter = self.letter(number)
            try:
                self.stepped.cross(number).result(0)
            except TaskCancelled:
                self.stepped.end(number, Cancelled())
            else:
                self.handed_over[number] = letter

    @precondition(lambda self: self.has_any("running"))
    @rule(cut=cuts, how=st.sampled_from([SENT, SENT, SENT, REFUSED, Later("451", "", after=20)]))
    def end(self, cut: int | None, how: Any) -> None:
        if how is not SENT:
            self.is_plain = False
        if how is SENT:
            self.hand_over()
        crossed = self.handed_over.keys() & self.stepped.lane.running.keys()
        meant = crossed if how is SENT else self.stepped.lane.running.keys()
        if meant:
            number = min(meant)
            letter = self.handed_over.pop(number, None)
            if letter is not None and how is SENT:
                self.left.append(letter)
            self.do(cut, lambda: self.stepped.end(number, how))

    @precondition(lambda self: self.handed_over)
    @rule(cut=cuts)
    def lose(self, cut: int | None) -> None:
        """End an attempt of which nobody knows whether its message left."""
        self.is_plain = False
        if self.handed_over:
            number = min(self.handed_over)
            self.left.append(self.handed_over.pop(number))
            self.do(cut, lambda: self.stepped.end(number, LeftUncertain("no answer", "")))

    @precondition(lambda self: self.handed_over)
    @rule()
    def kill(self) -> None:
        self.restart()
        self.stepped.settle()

    @precondition(lambda self: self.has_any("uncertain"))
    @rule(how=st.sampled_from(["done", "again"]))
    def decide(self, how: Any) -> None:
        """Have a person say what became of an uncertain message; again: it never left."""
        states = self.stepped.states()
        unsure = [number for number, state in states.items() if state == "uncertain"]
        if unsure:
            with suppress(EngineError):
                self.stepped.change(resolve, unsure[0], how)
                if how == "again":
                    self.left = [each for each in self.left if each.task != unsure[0]]

    @rule(seconds=st.sampled_from([10, 30, 61, 3601]))
    def wait(self, seconds: int) -> None:
        self.stepped.clock.time += seconds
        self.stepped.settle()

    def letter(self, number: int) -> Letter:
        """Return the message of a running task: the words of its item as they are now."""
        body: Any = read_body(self.stepped.connection, self.stepped.task(number)["item_id"])
        return Letter(number, body["recipient"]["email"], body["fields"]["Seat"])

    def left_by_themselves(self) -> list[Letter]:
        return [each for each in self.left if each.task not in self.asked_again]

    @invariant()
    def nothing_left_twice(self) -> None:
        said = Counter((letter.to, letter.words) for letter in self.left_by_themselves())
        assert not [each for each, n in said.items() if n > 1], self.left

    @property
    def is_alike(self) -> bool:
        """Whether newer words prevail: a row is compared until it leaves.

        Rows that are recognized with names are compared with those without only at the check.
        """
        return {*self.keys.values()} != {BY_ADDRESS, BY_NAME}

    @precondition(lambda self: self.is_alike)
    @invariant()
    def nothing_older_left_after_newer_words(self) -> None:
        """What the import that was started last says about a row prevails."""
        started = [each for each in self.listed() if each["started_at"] is not None]
        if len(started) == 2:
            earlier, later = sorted(started, key=lambda each: each["started_at"])
            for to in {letter.to for letter in self.left}:
                words = [letter.words for letter in self.left_by_themselves() if letter.to == to]
                if later["name"] in words:
                    after = words[words.index(later["name"]) :]
                    assert earlier["name"] not in after, self.left

    def let_all_leave(self) -> None:
        """Let time pass until nothing leaves by itself: nobody is forgotten."""
        for batch in self.listed():
            if batch["state"] == "paused":
                self.office.batches.resume(batch["batch_id"]).result(0)
        for _ in range(4 * PEOPLE):
            while self.stepped.lane.running:
                self.end(None, SENT)
            self.wait(3601)
        started = [each for each in self.listed() if each["started_at"] is not None]
        if self.is_plain and started:
            assert {each["state"] for each in started} == {"done"}
        if self.is_plain and started and self.is_alike:
            words: dict[int, str] = {}
            for each in sorted(started, key=lambda each: each["started_at"]):
                words |= self.words[each["name"]]
            said = {letter.to: letter.words for letter in self.left}
            assert said == {f"p{n}@example.org": word for n, word in words.items()}

    def listed(self) -> list[Any]:
        """List the batches; most that ask do so while nothing has changed."""
        store = self.stepped.connection
        seen = store, getattr(store, "total_changes", object()), self.stepped.clock.time
        if seen != self._seen:
            self._seen, self._listed = seen, [*self.office.batches.list()["batches"]]
        return self._listed


@pytest.fixture
def make_new(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Stepped]:
    """Make stepped engines, each on a store of its own."""
    is_server = request.config.getoption("--store") == "postgres"
    numbers = count(1)

    def make() -> Stepped:
        if is_server:
            from tests.engine.postgres.stepped import PostgresStepped

            place: Any = request.getfixturevalue("server").database()
            return PostgresStepped(place, registry(message), slots=1)
        return Stepped(tmp_path / f"{next(numbers)}.db", registry(message), slots=1)

    return make


def test_two_imports_never_send_a_row_twice_by_themselves(
    make_new: Callable[[], Stepped],
) -> None:
    class Meeting(TwoImports):
        def __init__(self) -> None:
            super().__init__(make_new)

    runs = settings(
        max_examples=examples(40),
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    run_state_machine_as_test(Meeting, settings=runs)
