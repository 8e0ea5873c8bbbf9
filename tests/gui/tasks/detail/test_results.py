"""Only addresses of the web and files that are there can be opened; programs never are."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.gui.tasks.detail.message_and_values import LinkTarget, Opens, target_of


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
