"""The log has what helps, each record as one, and no more of one failure than can be read."""

from __future__ import annotations

import logging
import re
import threading
from pathlib import Path

import pytest

from sendoff_tasks.http import log_files
from sendoff_tasks.http.log_files import FAILURES, FewFailures, OneRecord


@pytest.fixture
def handler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> logging.Handler:
    """Install the log in a folder; what that sets in ``logging`` is set back."""
    handlers: list[logging.Handler] = []
    monkeypatch.setattr(log_files, "log_to", lambda made, form: handlers.extend(made))
    monkeypatch.setattr(logging, "raiseExceptions", True)
    monkeypatch.setattr(logging.getLogger("sendoff.task"), "filters", [])
    log_files.install_log(tmp_path, on_stderr=False)
    (made,) = handlers
    return made


def test_of_many_failures_of_one_function_the_first_of_each_minute_are_kept() -> None:
    now = 0.0
    few = FewFailures(clock=lambda: now)

    def failed(task: str) -> logging.LogRecord:
        fields = {"task": task, "levelno": logging.ERROR, "msg": "It failed"}
        return logging.makeLogRecord(fields)

    records = [failed("send") for _ in range(3_000)]
    kept = [record.getMessage() for record in records if few.filter(record)]
    assert len(kept) == FAILURES
    assert "more of these are left out" in kept[-1]
    assert "are left out" not in "".join(kept[:-1])
    assert few.filter(failed("another"))
    now = 61.0
    assert few.filter(failed("send"))


def test_a_record_is_shown_as_one_whatever_its_text_says() -> None:
    said = "\x1b]0;owned\x07 \x9b31m\r\n2026-11-25 INFO sendoff: all is well"
    error = ValueError(said)
    raised = (type(error), error, None)
    fields = {"name": "sendoff.task", "levelname": "ERROR", "msg": said, "exc_info": raised}
    shown = OneRecord("%(levelname)s %(name)s: %(message)s").format(logging.makeLogRecord(fields))
    first, *others = shown.splitlines()
    assert first == "ERROR sendoff.task: ␛]0;owned␇ �31m␍"
    assert all(line.startswith("  ") for line in others)
    assert "␛]0;owned" in others[-2]


def test_a_record_with_half_a_character_is_in_the_file(
    handler: logging.Handler, tmp_path: Path
) -> None:
    handler.handle(logging.makeLogRecord({"msg": "It failed: %s", "args": ("a\ud83d",)}))
    handler.close()
    assert (tmp_path / "backend.log").read_text() == "It failed: a\\ud83d\n"


def no_task(numbers: set[int]) -> set[int]:
    return set()


RECORDS = """\
2026-11-30 00:00:00,000 INFO desktop.backend: Task 7 is Ada's
2026-11-30 00:00:01,000 ERROR sendoff.task: Attempt 1 of task 12 (ada) failed: Bo is away
  Traceback (most recent call last):
  Mail: the box of Ada is full
"""
OTHERS = """\
2026-11-30 00:00:02,000 ERROR sendoff.task: Attempt 1 of task 13 (ada) failed: Bo is away
  Traceback (most recent call last):
2026-11-30 00:00:03,000 WARNING ada: Half a line"""


def test_a_record_goes_whole_with_its_task_or_a_word_of_what_was_said(
    handler: logging.Handler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    log = tmp_path / "backend.log"
    log.write_text(RECORDS + OTHERS)
    log_files.forget_in_logs(lambda numbers: {7, 12, 14} & numbers)
    assert log.read_text() == OTHERS
    log.write_text(RECORDS + OTHERS)
    log_files.forget_in_logs(no_task, re.compile(r"\bada\b", re.IGNORECASE))
    assert log.read_text() == OTHERS
    handler.close()


def test_records_with_words_are_deleted_and_none_that_is_written_meanwhile(
    handler: logging.Handler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    (tmp_path / "window.log.1").write_text("to ADA@example.org\nto bo.ada@example.org\n")
    lines = [f"line {n}" for n in range(2_000)]

    def write() -> None:
        for line in lines:
            handler.handle(logging.makeLogRecord({"msg": line}))

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        handler.handle(logging.makeLogRecord({"msg": "to ada@example.org"}))
        log_files.forget_in_logs(no_task, re.compile(r"(?<![\w.])ada@example\.org", re.IGNORECASE))
    handler.close()
    assert (tmp_path / "backend.log").read_text().splitlines() == lines
    assert (tmp_path / "window.log.1").read_text() == "to bo.ada@example.org\n"
