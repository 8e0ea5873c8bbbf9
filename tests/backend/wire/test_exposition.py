"""Prometheus reads the measures, with queues of any name."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from desktop.backend.wire.exposition import exposition
from desktop.contract.queues import Queue
from desktop.engine.measures import Measures

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="((?:[^"\\\n]|\\[\\"n])*)"'
SAMPLE = re.compile(rf"({NAME})(?:\{{{LABEL}(?:,{LABEL})*\}})? (-?[0-9.e+-]+)")
"""One line of a value, by the text format's own description."""


def measures(*queues: Queue) -> Measures:
    return Measures(
        queues=queues,
        lanes={"io": {"slots": 32, "busy": 3}},
        started=12,
        finished=9,
        oldest_queued=1.5,
        last_event=4711,
        store_bytes=8192,
    )


def queue(name: str) -> Queue:
    since = "2026-03-01T09:30:00.000Z"
    return Queue(
        name=name,
        concurrency=None,
        rate=None,
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
    assert "sendoff_attempts_started_total 12" in lines
    assert "sendoff_attempts_finished_total 9" in lines
    assert "sendoff_oldest_queued_seconds 1.5" in lines
    assert "sendoff_last_event_id 4711" in lines
    assert "sendoff_store_bytes 8192" in lines


def test_each_family_is_explained_once_before_its_values() -> None:
    text = exposition(measures(queue("mail"), queue("reports")))
    families = re.findall(rf"^# HELP ({NAME}) .+\n# TYPE \1 (gauge|counter)$", text, re.MULTILINE)
    names = [name for name, _ in families]
    assert len(set(names)) == len(names) == text.count("# HELP") == text.count("# TYPE")
    assert all((kind == "counter") == name.endswith("_total") for name, kind in families)
    present = ""
    for line in text.splitlines():
        if line.startswith("# HELP "):
            present = line.split()[2]
        elif not line.startswith("#"):
            assert re.match(NAME, line)[0] == present  # type: ignore[index]


@given(st.text(min_size=1))
def test_a_queue_of_any_name_is_one_label(name: str) -> None:
    text = exposition(measures(queue(name)))
    assert text.endswith("\n")
    samples = [line for line in text[:-1].split("\n") if not line.startswith("#")]
    found = [SAMPLE.fullmatch(line) for line in samples]
    assert all(found)
    tasks = [each for each in found if each and each[1] == "sendoff_tasks"]
    assert {unescaped(each[2]) for each in tasks} == {name}
