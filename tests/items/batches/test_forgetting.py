"""Old batches go, with all their rows."""

from __future__ import annotations

from tests.items.batches.office import Office, row

DAY_S = 86_400


def tidy(office: Office, days: float) -> list[int]:
    office.stepped.clock.time += days * DAY_S
    for _ in range(10):
        office.stepped.settle()
        office.stepped.clock.time += 60
    return [each["batch_id"] for each in office.batches.list()["batches"]]


def test_drafts_are_kept_thirty_days_and_the_others_a_year(office: Office) -> None:
    sent, draft = office.sent(2), office.draft(2)
    assert tidy(office, 29) == [draft, sent]
    assert tidy(office, 1.5) == [sent]
    assert tidy(office, 333) == [sent]
    assert tidy(office, 3) == []
    rows = office.stepped.connection.execute("SELECT count(*) FROM batch_rows").fetchone()
    assert rows == (0,)


def test_a_batch_with_open_rows_is_never_forgotten(office: Office) -> None:
    number = office.started(2)
    office.batches.pause(number).result(0)
    office.finish()
    waiting = office.started(
        [row(8)], run_at=round((office.stepped.clock.time + 900 * DAY_S) * 1000)
    )
    assert waiting in tidy(office, 500)
