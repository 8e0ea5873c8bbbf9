"""What a task works with: its letter is read when it may be another; programs never open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from desktop.gui.tasks.detail.contents import LinkTarget, Opens, read_task, target_of, values_of
from tests.gui.tasks.detail.scenes import read_in
from tests.gui.tasks.table.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from desktop.client.api import Api


def test_a_letter_is_read_again_only_if_it_may_be_another_one() -> None:
    source = TaskSource([task_row(1, "queued"), task_row(2, queue="books")])
    api: Api = source  # type: ignore[assignment]
    read, asked = source.message, list[int]()

    def note(number: int, **more: Any) -> Any:
        asked.append(number)
        return read(number, **more)

    source.message = note  # type: ignore[assignment, method-assign]
    first = read_task(api, 1)
    source.rows[1]["rev"] += 1
    second = read_task(api, 1, first)
    assert second.letter is first.letter
    assert asked == [1]
    for changes in ({"state": "running"}, {"attempt": 2}):
        source.rows[1].update(changes)  # type: ignore[typeddict-item]
        second = read_task(api, 1, second)
        assert second.letter is not None
    assert asked == [1, 1, 1]
    assert read_task(api, 2, second).letter is None  # no e-mail
    assert asked == [1, 1, 1]
    assert read_task(api, 1, read_in("sent")).letter is not None  # that of another task
    assert asked == [1, 1, 1, 1]


def test_a_secret_is_not_shown() -> None:
    given: dict[str, Any] = {"args": ["sk-1"], "parameters": ["api_key"], "kwargs": {"day": 1}}
    task = read_in("sent", **given, result={"token": "t-1"}).task
    values = values_of(task)
    assert (values.arguments, values.result) == ('api_key: "•••"\nday: 1', '{\n  "token": "•••"\n}')


def test_a_page_a_file_and_the_folder_of_a_program_can_be_opened(tmp_path: Path) -> None:
    report, program, script = (tmp_path / name for name in ("a b.pdf", "run", "x.DESKTOP"))
    for file in (report, program, script):
        file.write_text("")
    program.chmod(0o755)
    page = "https://example.org/a?b=1"
    assert target_of(page) == LinkTarget(Opens.PAGE, page)
    assert target_of(str(report)) == LinkTarget(Opens.FILE, str(report))
    assert target_of(str(tmp_path)) == LinkTarget(Opens.FILE, str(tmp_path))
    for runs in (program, script):
        assert target_of(str(runs)) == LinkTarget(Opens.FOLDER, str(tmp_path))


@pytest.mark.parametrize(
    "result",
    [
        *(
            None,
            3,
            "",
            "done",
            "example.org",
            "report.pdf",
            "/not/there.pdf",
            "https://",
            "x" * 9999,
        ),
        *("javascript:alert(1)", "file:///etc/hostname", "ftp://example.org", "https://a b", "\n/"),
        "x" * 9999,
        *("//server/share/a.pdf", "\\\\server\\share\\a.pdf", "http://[", "/etc/host\0name"),
    ],
)
def test_nothing_else_can(result: object) -> None:
    assert target_of(result) is None
