"""Jobs run on worker threads; what follows them runs on the GUI thread, in every case."""

from __future__ import annotations

import threading
import weakref
from functools import partial
from typing import TYPE_CHECKING, cast

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThreadPool, Signal

from desktop.gui.link.jobs import ApiSource, Asker, Job, Jobs, LatestRequest
from sendoff_tasks.client.errors import BackendGone, ClientError, TooSlow
from tests import WITHIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from desktop.client.api import Api


@pytest.fixture
def pool() -> Iterator[QThreadPool]:
    pool = QThreadPool(maxThreadCount=4)
    yield pool
    pool.waitForDone()


def never(*answer: object) -> None:
    pytest.fail(f"called with {answer}")


def fail(error: BaseException) -> None:
    raise error


def test_the_work_is_elsewhere_and_the_answer_here_and_each_success_is_told(
    qtbot: QtBot, jobs: Jobs
) -> None:
    threads, told, failed, here = (
        list[int](),
        list[None](),
        list[Exception](),
        threading.get_ident(),
    )
    jobs.succeeded.connect(lambda: told.append(None))
    jobs.start(Job(fail, ValueError()).otherwise(failed.append))
    qtbot.waitUntil(lambda: len(failed) == 1)
    assert not told
    jobs.start(
        Job(threading.get_ident).then(lambda at: threads.extend((at, threading.get_ident())))
    )
    qtbot.waitUntil(lambda: len(told) == 1)
    assert threads[0] != here == threads[1]


def test_a_failure_goes_to_its_handler_and_without_one_still_reaches_the_person(
    qtbot: QtBot, pool: QThreadPool
) -> None:
    handled, seen, error = list[Exception](), list[Exception](), ValueError("no")
    jobs = Jobs(pool, seen.append)
    jobs.start(Job(fail, error).then(never).otherwise(handled.append))
    qtbot.waitUntil(lambda: handled == [error])
    jobs.start(Job(fail, error).then(never))
    qtbot.waitUntil(lambda: seen == [error])
    jobs.start(Job(fail, SystemExit(3)))  # even that ends nothing
    qtbot.waitUntil(lambda: "SystemExit" in str(seen[-1]))


@pytest.mark.parametrize("runs", [False, True])
def test_a_job_that_is_cancelled_is_not_heard_of_and_does_not_start(
    qtbot: QtBot, runs: bool
) -> None:
    jobs = Jobs(QThreadPool(maxThreadCount=1), never)
    gate, began, done = threading.Event(), threading.Event(), list[int]()

    def work() -> None:
        began.set()
        gate.wait(WITHIN)

    if not runs:
        jobs.start(Job(gate.wait, WITHIN))
    ticket = jobs.start(Job(work).then(never).otherwise(never))
    assert not runs or began.wait(WITHIN)
    ticket.cancel()
    gate.set()
    jobs.start(Job(int).then(done.append))
    qtbot.waitUntil(lambda: done == [0])
    assert began.is_set() is runs


def test_cancel_all_silences_everything_under_way(qtbot: QtBot, pool: QThreadPool) -> None:
    jobs = Jobs(pool, never)
    done: list[int] = []
    for _ in range(50):
        jobs.start(Job(int).then(never))
    jobs.cancel_all()
    jobs.start(Job(int).then(done.append))
    qtbot.waitUntil(lambda: done == [0])


class Reader(QObject):
    """What a callback reaches; Qt raises when it does after it was deleted."""

    read = Signal(int)

    def take(self, *number: int) -> None:
        self.read.emit(number[-1])

    def callbacks(self) -> list[Callable[[int], object]]:
        def nested(number: int) -> None:
            lately(number)

        lately = partial(self.take, 1)
        return [self.take, lately, lambda number: self.take(number), nested]


@pytest.mark.parametrize("which", range(4))
def test_a_callback_that_reaches_a_deleted_object_is_dropped(
    qtbot: QtBot, jobs: Jobs, which: int
) -> None:
    reader, go, seen = Reader(), threading.Event(), list[int]()
    callback = reader.callbacks()[which]
    jobs.start(Job(lambda: int(go.wait(WITHIN))).then(callback))
    jobs.start(Job(int, "no number").otherwise(partial(callback)))
    shiboken6.delete(reader)
    go.set()
    jobs.start(Job(int, "2").then(seen.append))
    qtbot.waitUntil(lambda: seen == [2] and not jobs.under_way)


def test_an_error_is_shown_when_only_the_owner_of_the_success_is_gone(
    qtbot: QtBot, pool: QThreadPool
) -> None:
    handled, unhandled = list[Exception](), list[Exception]()
    jobs, reader, error = Jobs(pool, unhandled.append), Reader(), ValueError("no")
    take: Callable[..., object] = reader.take
    jobs.start(Job(fail, error).then(take).otherwise(handled.append))
    jobs.start(Job(fail, error).then(take))
    shiboken6.delete(reader)
    qtbot.waitUntil(lambda: handled == unhandled == [error])


def test_what_a_callback_holds_ends_here_though_the_worker_is_the_last(
    qtbot: QtBot, jobs: Jobs
) -> None:
    class Held: ...

    ended: list[threading.Thread] = []
    called, go_on = threading.Event(), threading.Event()

    def start() -> None:
        held = Held()
        weakref.finalize(held, lambda: ended.append(threading.current_thread()))
        begun = threading.Event()
        ticket = jobs.start(Job(begun.wait, WITHIN).then(partial(lambda *_: called.set(), held)))
        assert ticket.future is not None
        # On the worker, which is late.
        ticket.future.add_done_callback(lambda _: go_on.wait(WITHIN))
        begun.set()

    start()
    qtbot.waitUntil(called.is_set)
    go_on.set()
    qtbot.waitUntil(lambda: bool(ended))
    assert ended == [threading.main_thread()]


class Answering:
    """A backend that answers with its own name, or is away."""

    def __init__(self, name: str, error: Exception | None = None) -> None:
        self._name = name
        self._error = error

    def answer(self) -> str:
        if self._error is not None:
            raise self._error
        return self._name


def test_a_question_that_the_backend_did_not_hear_is_asked_again_once_it_is_back(
    qtbot: QtBot, jobs: Jobs
) -> None:
    source, seen, failed = ApiSource(jobs), list[str](), list[Exception]()
    request = LatestRequest(source, failed.append)

    def ask() -> None:
        request.ask(lambda api: Job(cast("Answering", api).answer).then(seen.append))

    ask()
    assert [type(each) for each in failed] == [BackendGone]
    source.api = cast("Api", Answering("first"))
    source.go_on()
    qtbot.waitUntil(lambda: seen == ["first"])
    source.go_on()
    source.api = cast("Api", Answering("", BackendGone()))
    ask()
    qtbot.waitUntil(lambda: len(failed) == 2)
    source.api = cast("Api", Answering("", ClientError("It is full.")))
    source.go_on()
    qtbot.waitUntil(lambda: len(failed) == 3)
    source.go_on()
    assert not jobs.under_way  # what was refused is not asked again


def test_call_without_a_backend_fails_in_the_words_of_the_window(pool: QThreadPool) -> None:
    def in_words(error: Exception) -> Exception:
        error.args = ("Antwortet nicht.",)
        return error

    source, told = ApiSource(Jobs(pool, never, in_words)), list[str]()
    Asker(source, lambda error: told.append(str(error)))(lambda _: Job(never))
    LatestRequest(source, lambda error: told.append(str(error))).ask(lambda _: Job(never))
    assert told == ["Antwortet nicht."] * 2


def test_a_question_that_a_slow_backend_did_not_answer_in_time_is_asked_again(
    qtbot: QtBot, jobs: Jobs
) -> None:
    slow, seen, told, failed = [TooSlow()], list[str](), list[str](), list[Exception]()
    source = ApiSource(jobs, cast("Api", Answering("it")))
    source.on_back = lambda: told.append("back")
    source.once_back("another", lambda: told.append("another"))

    def answer() -> str:
        if slow:
            raise slow.pop()
        return "it"

    request = LatestRequest(source, failed.append)
    request.ask(lambda _: Job(answer).then(seen.append))
    qtbot.waitUntil(lambda: seen == ["it"])
    assert told == ["back", "another"]
    assert [type(each) for each in failed] == [TooSlow]
    slow.append(TooSlow())
    dropped = LatestRequest(source, lambda _: dropped.drop())
    dropped.ask(lambda _: Job(answer).then(never))
    qtbot.waitUntil(lambda: not jobs.under_way)


def test_only_the_last_question_is_answered_though_the_one_before_is_late(
    qtbot: QtBot, jobs: Jobs
) -> None:
    let_go, seen = threading.Event(), list[str]()
    request = LatestRequest(ApiSource(jobs, cast("Api", Answering("last"))), never)
    request.ask(lambda _: Job(let_go.wait, WITHIN).then(never))
    request.ask(lambda api: Job(cast("Answering", api).answer).then(seen.append))
    qtbot.waitUntil(lambda: seen == ["last"])
    let_go.set()
    qtbot.waitUntil(lambda: not jobs.under_way)


def test_a_failure_that_comes_after_another_backend_is_asked_of_that_one(
    qtbot: QtBot, jobs: Jobs
) -> None:
    source, seen = ApiSource(jobs, cast("Api", Answering("", BackendGone()))), list[str]()
    request = LatestRequest(source, never)
    request.ask(lambda api: Job(cast("Answering", api).answer).then(seen.append))
    source.api = cast("Api", Answering("second"))
    source.go_on()
    qtbot.waitUntil(lambda: seen == ["second"])
