"""What is known of the groups of a database, and what it lacks of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sendoff_tasks.postgres.mark import MOST_ENDS, NOTHING, Groups, LostGroups, Newest, ServerMark

ENDS = {"b": Newest("b", 7, 70), "c": Newest("c", 9, 80)}
FOUND = Groups("store", Newest("d", 12, 100), ENDS)


@pytest.mark.parametrize(
    ("known", "lost"),
    [
        (FOUND.newest, None),
        (Newest("d", 11, 90), None),
        (Newest("d", 15, 104), LostGroups(3, 4)),
        (Newest("c", 9, 80), None),
        (Newest("c", 11, 80), LostGroups(2, 0)),  # another process went on without these
        (Newest("a", 3, 10), None),  # a run that ended long ago
        (Newest("e", 20, 90), LostGroups(8, 0)),  # even its beginning is lost
        (NOTHING, None),
    ],
)
def test_a_database_lacks_what_is_known_and_not_in_its_history(
    known: Newest, lost: LostGroups | None
) -> None:
    assert FOUND.lack(known) == lost


def test_a_run_continues_after_what_was_lost_and_told() -> None:
    lost = Newest("d", 15, 104)
    rows = [("store", "store"), ("group", "e 16 104 1"), ("ends", FOUND.ends_after([lost]))]
    after = Groups.decode(rows)
    assert after.newest == Newest("e", 16, 104)
    assert [after.lack(each) for each in (lost, *ENDS.values())] == [None] * 3
    for n in range(MOST_ENDS + 5):
        rows = [
            ("store", "store"),
            ("group", f"run{n} {20 + n} 1 1"),
            ("ends", after.ends_after([])),
        ]
        after = Groups.decode(rows)
    assert len(after.ends) == MOST_ENDS


@pytest.mark.parametrize("text", [None, "", "sendoff host 7 token 1", "a b c", "a 1"])
def test_a_name_of_another_form_is_no_group(text: str | None) -> None:
    assert Newest.decode(text) == NOTHING


def test_a_file_keeps_the_newest_group_of_one_store(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "mark"
    mark = ServerMark(path)
    mark.keep()
    assert not path.exists()
    for newest in (Newest("a" * 16, 1 << 40, 5), FOUND.newest):
        mark.see("store", newest)
        mark.keep(durable=newest is FOUND.newest)
    assert mark.known("other") == []
    assert ServerMark(path).known("store") == [FOUND.newest]
    assert ServerMark(path).missing(FOUND) is None
    mark.see("store", Newest("d", 13, 100))
    assert mark.missing(FOUND) == LostGroups(1, 0)
    assert path.stat().st_mode & 0o777 == 0o600
    mark.close()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"1", b'{"store": "store"}', b"\xff"])
def test_a_file_that_cannot_be_read_says_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mark"
    path.write_bytes(content)
    assert ServerMark(path).known("store") == []


def test_a_folder_that_cannot_be_written_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    (tmp_path / "file").touch()
    mark = ServerMark(tmp_path / "file" / "mark")
    mark.see("store", FOUND.newest)
    mark.keep(durable=True)
    assert "Could not write" in caplog.text
    assert mark.known("store") == [FOUND.newest]
