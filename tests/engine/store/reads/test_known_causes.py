"""What is known of a cause while no task has it."""

from __future__ import annotations

from desktop.contract.reasons import Reason
from desktop.engine.attempts.outcomes import Deferred
from desktop.engine.reason_data import ServerAnswer
from desktop.engine.verbs.retry import retry
from tests.engine.stepped import Stepped
from tests.engine.store.reads.test_causes import DONE, MX, causes, raised, run


def test_a_cause_that_comes_back_was_first_met_when_it_was(stepped: Stepped) -> None:
    """*First* began again whenever all its tasks had succeeded."""
    began = run(stepped, raised(1))
    stepped.clock.time += 3_600
    stepped.change(retry, began)
    stepped.end(began, DONE)
    assert causes(stepped) == []
    stepped.clock.time += 3_600
    run(stepped, raised(1))
    (cause,) = causes(stepped)
    assert (cause["first_at"], cause["last_at"]) == (
        "2027-01-15T08:00:00.000Z",
        "2027-01-15T10:00:00.000Z",
    )
    assert (cause["count"], cause["retried_at"], cause["new_since_retry"]) == (1, None, 0)


def test_a_cause_that_has_no_task_any_more_is_forgotten_like_a_failed_task(
    stepped: Stepped,
) -> None:
    task = run(stepped, raised(1))
    stepped.change(retry, task)
    stepped.end(task, DONE)
    known = "SELECT count(*) FROM causes"
    for days, count in ((89, 1), (2, 0)):
        stepped.clock.time += days * 86_400
        stepped.settle()
        assert stepped.connection.execute(known).fetchone() == (count,)


def test_the_next_outage_has_its_own_beginning(stepped: Stepped) -> None:
    gone = Deferred("No route to it.", "", Reason.OFFLINE, answer=ServerAnswer(MX))
    for first in ("2027-01-15T08:00:00.000Z", "2027-01-15T08:01:00.000Z"):
        task = stepped.add("narrow")
        stepped.end(task, gone)
        assert [each["first_at"] for each in causes(stepped)] == [first]
        stepped.clock.time += 60
        stepped.settle()
        stepped.end(task, DONE)
        assert causes(stepped) == []
