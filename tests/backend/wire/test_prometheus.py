"""Prometheus reads the measures, with queues of any name."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from desktop.backend.wire.prometheus import exposition
from desktop.contract.queues import Queue
from desktop.engine.facade.measures import Measures
from desktop.engine.store.tables.records import FunctionRecord
from desktop.engine.transaction.measuring import Measured, Pace
from desktop.engine.writer.figures import Attempts, Durations

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="((?:[^"\\\n]|\\[\\"n])*)"'
SAMPLE = re.compile(rf"({NAME})(?:\{{{LABEL}(?:,{LABEL})*\}})? (-?[0-9.e+-]+)")
"""One line of a value, by the text format's own description."""


def measures(*queues: Queue) -> Measures:
    return Measures(
        queues=queues,
        lanes={"io": {"slots": 32, "busy": 3}},
        attempts=attempts(),
        oldest_queued=1.5,
        last_event=4711,
        store_bytes=8192,
        refused=0,
    )


def attempts() -> Attempts:
    """Count three attempts, one of them begun before anything was known of its task."""
    durations, measured = Durations(), Measured(Pace(), 0)
    measured.waited.update({(1, 0): 1, (1, 20): 1, (1, None): 1})
    measured.ran.update({(1, "succeeded", 400): 1, (1, "given back", 7_200_000): 1})
    durations.count(measured, {1: FunctionRecord(1, "confirm", "mail", "io", "Confirmation")})
    return durations.read()


def queue(name: str) -> Queue:
    since = "2026-03-01T09:30:00.000Z"
    return Queue(
        name=name,
        concurrency=None,
        rate=None,
        per_day=None,
        paused={"since": since},
        held=None,
        counts={"queued": 3, "failed": 0},
    )


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: {"n": "\n"}.get(found[1], found[1]), text)


def test_values_stand_behind_their_labels() -> None:
    lines = exposition(measures(queue("mail"))).splitlines()
    assert 'sendoff_tasks{queue="mail",state="queued"} 3' in lines
    assert 'sendoff_queue_paused{queue="mail"} 1' in lines
    assert 'sendoff_queue_held{queue="mail"} 0' in lines
    assert 'sendoff_lane_slots{lane="io"} 32' in lines
    assert 'sendoff_lane_busy{lane="io"} 3' in lines
    assert 'sendoff_attempts_started_total{queue="mail"} 3' in lines
    assert 'sendoff_attempts_finished_total{queue="mail",outcome="succeeded"} 1' in lines
    assert 'sendoff_attempts_finished_total{queue="mail",outcome="given_back"} 1' in lines
    assert "sendoff_oldest_queued_seconds 1.5" in lines
    assert "sendoff_last_event_id 4711" in lines
    assert "sendoff_store_bytes 8192" in lines


def test_times_are_histograms() -> None:
    lines = exposition(measures(queue("mail"))).splitlines()
    waiting = [line for line in lines if line.startswith("sendoff_waiting_seconds")]
    assert [line.split()[1] for line in waiting] == ["1", "1", *["2"] * 15, "0.020", "2"]
    assert waiting[0] == 'sendoff_waiting_seconds_bucket{queue="mail",le="0.005"} 1'
    assert waiting[-3:] == [
        'sendoff_waiting_seconds_bucket{queue="mail",le="+Inf"} 2',
        'sendoff_waiting_seconds_sum{queue="mail"} 0.020',
        'sendoff_waiting_seconds_count{queue="mail"} 2',
    ]
    assert 'sendoff_running_seconds_bucket{queue="mail",le="3600.0"} 1' in lines
    assert 'sendoff_running_seconds_sum{queue="mail"} 7200.400' in lines


def test_each_family_is_explained_once_before_its_values() -> None:
    text = exposition(measures(queue("mail"), queue("reports")))
    families = re.findall(
        rf"^# HELP ({NAME}) .+\n# TYPE \1 (gauge|counter|histogram)$", text, re.MULTILINE
    )
    names = [name for name, _ in families]
    assert len(set(names)) == len(names) == text.count("# HELP") == text.count("# TYPE")
    assert all((kind == "counter") == name.endswith("_total") for name, kind in families)
    present = ""
    for line in text.splitlines():
        if line.startswith("# HELP "):
            present = line.split()[2]
        elif not line.startswith("#"):
            name = re.match(NAME, line)[0]  # type: ignore[index]
            assert name in {present, *(f"{present}_{end}" for end in ("bucket", "sum", "count"))}


@given(st.text(min_size=1))
def test_a_queue_of_any_name_is_one_label(name: str) -> None:
    text = exposition(measures(queue(name)))
    assert text.endswith("\n")
    samples = [line for line in text[:-1].split("\n") if not line.startswith("#")]
    found = [SAMPLE.fullmatch(line) for line in samples]
    assert all(found)
    tasks = [each for each in found if each and each[1] == "sendoff_tasks"]
    assert {unescaped(each[2]) for each in tasks} == {name}
