"""A traceback is folded to the person's own lines, with anything between them."""

from __future__ import annotations

import json
import traceback

from desktop.gui.tasks.detail.attempts import Frames, folded


def read() -> None:
    try:
        json.loads("{x")
    except ValueError as error:
        raise RuntimeError("the file is broken") from error


def bad() -> str:
    try:
        read()
    except RuntimeError as error:
        error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next
        return "".join(traceback.format_exception(error))
    return ""


def test_calls_of_libraries_are_counted_and_own_lines_stay() -> None:
    trace = bad()
    parts = folded(trace)
    (frames,) = [part for part in parts if isinstance(part, Frames)]
    assert frames.count == trace.count("/json/") > 1
    own = [part for part in parts if isinstance(part, str)]
    assert [line for line in own if "File" in line and "/json/" in line] == []
    assert own[-1] == "RuntimeError: the file is broken"
    assert any(line.startswith("json.decoder.JSONDecodeError: ") for line in own)
    assert sum(__file__ in line for line in own) == 2
    assert '    json.loads("{x")' in own


def test_a_task_of_a_package_is_its_own_and_a_text_without_calls_stays() -> None:
    home = "C:\\Python312\\Lib\\site-packages\\shop\\tasks.py"
    other = "C:\\Python312\\Lib\\site-packages\\httpx\\client.py"
    begin = "Traceback (most recent call last):"
    lines = [
        *(begin, f'  File "{home}", line 3, in send', "    get()"),
        *(f'  File "{other}", line 9, in get', "    raise Gone", "    ^^^^^", "Gone: 410"),
    ]
    assert folded("\n".join(lines)) == [*lines[:3], Frames(1), "Gone: 410"]
    assert folded("The process ended with 9.\n  | a group") == [
        *("The process ended with 9.", "  | a group"),
    ]
