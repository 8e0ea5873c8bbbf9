"""``settings.toml`` keeps what was chosen and what a person wrote beside it."""

from __future__ import annotations

import dataclasses
import json
import tracemalloc
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.settings.preferences import (
    LONGEST_DAYS,
    UNKNOWN,
    KeepSettings,
    LinesLost,
    MailSettings,
    Settings,
    WindowSettings,
    from_mapping,
    laid_over,
    load_after,
    lost_limits,
    parse_after,
    recalled,
    strange_keys,
)
from sendoff_tasks.folder.queue_limits import QueueSettings, SettingsError
from sendoff_tasks.words.table import Said
from tests.settings.saved import save

REAL = Settings(
    mail=MailSettings(
        transport="smtp",
        host="mail.example.org",
        port=465,
        security="tls",
        user="ada",
        sender="Box office <box@example.org>",
    ),
    window=WindowSettings(grace_seconds=2.5),
    keep=KeepSettings(tasks_days=60, items_days=3650),
    queues={"mail": QueueSettings(16, "30/min", 1500), "a.b c": QueueSettings(rate="1/s")},
)


def load(path: Path) -> Settings:
    """Read a file that has had no settings before."""
    settings, lost = load_after(None, path)
    assert lost == []
    return settings


def test_what_is_missing_means_its_default(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    assert load(path) == Settings()
    path.write_text("[mail]\nport = 25\n")
    assert load(path) == Settings(mail=MailSettings(port=25))
    save(path, Settings())
    assert "queues" not in path.read_text()


def test_saving_keeps_comments_and_keys_that_are_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(
        "# my notes\n[mail]\nport = 25   # the office's\ncolour = 'blue'\n\n[other]\nkey = 1\n"
    )
    save(path, REAL)
    text = path.read_text()
    assert "# my notes" in text
    assert "# the office's" in text
    assert "port = 465" in text
    assert "colour = 'blue'" in text
    assert "[other]\nkey = 1" in text
    assert load(path) == REAL


def test_a_queue_has_a_table_of_its_own_and_an_empty_rate_is_none(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[queues.mail]\nconcurrency = 4\nrate = "30/min"\n[queues.other]\nrate = ""\n')
    assert load(path).queues == {"mail": QueueSettings(4, "30/min"), "other": QueueSettings()}


def test_what_is_none_is_said_in_the_file_and_other_keys_stay(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[queues.mail]\n# as agreed\nconcurrency = 4\nrate = "1/s"\nby = "Ada"\n')
    save(path, Settings(queues={"mail": QueueSettings(rate="30/min")}))
    queue = path.read_text().partition("[mail]")[0]
    assert queue == (
        '[queues.mail]\n# as agreed\nconcurrency = "none"\nrate = "30/min"\nby = "Ada"\n\n'
    )


def test_an_empty_limit_is_a_lost_one() -> None:
    """A deployment fills in variables that are not set; only the word says that none is meant."""
    before, _ = parse_after(None, b'[queues.mail]\nrate = "1/h"\nper_day = 1\n', "settings.toml")
    empty = b'[queues.mail]\nrate = ""\nper_day = ""\n'
    settings, lost = parse_after(before, empty, "settings.toml")
    assert (settings.queues, len(lost)) == (before.queues, 2)
    none = empty.replace(b'""', b'"none"')
    assert parse_after(before, none, "settings.toml")[0].queues == {"mail": QueueSettings()}


def test_a_lost_line_about_retention_deletes_nothing_sooner(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[keep]\nitems_days = 3650\n")
    settings, lost = load_after(Settings(keep=REAL.keep), path)
    assert settings.keep == REAL.keep
    assert "keep.tasks_days" in lost


def test_a_lost_line_that_contradicts_a_new_one_is_told_and_nothing_is_deleted_sooner() -> None:
    before, _ = parse_after(None, b"[keep]\ncontents_days = 1000\n", "settings.toml")
    with pytest.raises(SettingsError, match=r"no longer has keep\.contents_days") as refused:
        parse_after(before, b"[keep]\nitems_days = 730\n", "settings.toml")
    assert [each["path"] for each in refused.value.errors] == ["keep.items_days"]
    both = b"[keep]\ncontents_days = 365\nitems_days = 730\n"
    assert parse_after(before, both, "settings.toml")[0].keep.items_days == 730


def some(**values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return mappings with some of these keys."""
    return st.fixed_dictionaries({}, optional=values)


DAYS = st.sampled_from([1, 730, 1000])
QUEUE = some(concurrency=st.sampled_from([1, 16, "none"]), rate=st.sampled_from(["1/s", ""]))
FILES = some(
    mail=some(
        transport=st.sampled_from(["smtp", "practice", "outbox"]),
        host=st.just("mail.example.org"),
        port=st.sampled_from([25, 465]),
    ),
    window=some(grace_seconds=st.sampled_from([5, 7, 2.5])),
    keep=some(**{each.name: DAYS for each in dataclasses.fields(KeepSettings)}),
    queues=some(**{"mail": QUEUE, "a.b c": QUEUE}),
)


@given(st.lists(FILES, max_size=4))
@example([{"keep": {"contents_days": 1000}}, {"keep": {"items_days": 730}}])
def test_what_is_in_force_can_be_remembered(files: list[dict[str, Any]]) -> None:
    before = None
    for each in files:
        with suppress(SettingsError):
            before, _ = parse_after(before, tomlkit.dumps(each).encode(), "settings.toml")
            assert recalled(json.dumps(dataclasses.asdict(before))) == before


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "[" * 5000, '{"keep": {"tasks_days": 0}}'])
@pytest.mark.parametrize("word", ["", "practice", "smtp"])
def test_what_cannot_be_remembered_is_neither_practice_nor_a_limit_less(
    text: str, word: str
) -> None:
    before = recalled(text)
    assert before is not None
    assert before.keep == KeepSettings(*[LONGEST_DAYS] * 4)
    file = f'[mail]\nhost = "mx"\ntransport = "{word}"\n' if word else '[mail]\nhost = "mx"\n'
    with pytest.raises(LinesLost, match="check and save the mail settings") as lost:
        parse_after(before, file.encode(), "settings.toml")
    shown = lost.value.before.mail
    assert (shown.transport, shown.host) == ((word, "mx") if word else ("smtp", ""))
    assert recalled(json.dumps(dataclasses.asdict(before))) == before


LIMITS = dataclasses.replace(REAL, queues={"mail": QueueSettings(16, "30/min", 1500)})


@pytest.mark.parametrize(
    "before", [REAL, LIMITS, Settings(window=WindowSettings(30)), Settings(keep=REAL.keep)]
)
def test_a_file_cut_anywhere_says_nothing_else(before: Settings) -> None:
    whole = laid_over(b"", before, "settings.toml")
    for size in range(len(whole) + 1):
        try:
            settings, _ = parse_after(before, whole[:size], "settings.toml")
        except SettingsError:
            continue
        assert settings == before, whole[:size]


def test_a_number_without_a_line_end_is_refused_where_it_may_be_cut() -> None:
    before, file = Settings(keep=REAL.keep), b"[keep]\ntasks_days = 6"
    with pytest.raises(SettingsError, match=r"toml may be cut: .* add a line break") as refused:
        parse_after(before, file, "settings.toml")
    assert "move the file away" in str(refused.value)
    assert parse_after(before, file + b"\n", "settings.toml")[0].keep.tasks_days == 6
    assert parse_after(before, file + b"0", "settings.toml")[0].keep.tasks_days == 60
    assert parse_after(None, file, "settings.toml")[0].keep.tasks_days == 6
    for whole in (
        b'[keep]\ntasks_days = 6\n[queues.mail]\nrate = "1/s"',
        b"[keep]\ntasks_days = 6 # half a dozen",
        b"[keep]\ntasks_days = 6\n# the end",
        b"[keep]\ntasks_days = 6 # of '7', not = 60",
    ):
        assert parse_after(before, whole, "settings.toml")[0].keep.tasks_days == 6


@pytest.mark.parametrize(
    "line",
    [
        '"tasks_days" = 6',
        "'tasks_days' = 6",
        '[queues]\n"it\'s #1".per_day = 6',
        '[queues]\n"\\"#\\\\".per_day = 6',
        "[queues]\n'\"#'.per_day = 6",
    ],
)
def test_quotes_hide_no_number_that_may_be_cut(line: str) -> None:
    before, file = Settings(keep=REAL.keep), f"[keep]\n{line}".encode()
    with pytest.raises(SettingsError, match="may be cut"):
        parse_after(before, file, "settings.toml")
    parse_after(before, file + b"\n", "settings.toml")


@pytest.mark.parametrize("content", [b"x = " + b"9" * 5000, b"x = " + b"[" * 5000, b"\xff\xfe"])
def test_a_file_that_is_too_much_to_read_or_no_utf8_is_refused(content: bytes) -> None:
    with pytest.raises(SettingsError, match=r"^settings\.toml cannot be read: "):
        parse_after(None, content, "settings.toml")


def test_a_file_that_is_no_settings_by_its_size_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    with path.open("wb") as file:
        file.truncate(300 << 20)
    tracemalloc.start()
    with pytest.raises(SettingsError, match=r"settings\.toml cannot be read: it is larger than"):
        load(path)
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()


def test_a_file_that_is_no_toml_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[mail]\nport = 25\nhost = \n")
    with pytest.raises(SettingsError, match=r"settings\.toml cannot be read: .*line 3"):
        load(path)
    with pytest.raises(SettingsError, match=r"line 3.* move the file away"):
        save(path, REAL)
    assert path.read_text() == "[mail]\nport = 25\nhost = \n"


def test_a_mark_of_the_encoding_may_begin_the_file(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[window]\ngrace_seconds = 7\n", encoding="utf-8-sig")
    assert load(path).window.grace_seconds == 7
    save(path, Settings(window=WindowSettings(8)))
    assert load(path).window.grace_seconds == 8


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("mail.transport", ["pigeon"]),
        ("mail.host", ["two words", "mx\r\nevil", "mail.example.org:587"]),
        ("mail.port", [0, 65536, "25", 25.0, True]),
        ("mail.security", ["ssl"]),
        ("mail.user", ["ada\x00"]),
        ("mail.sender", ["Sendoff", "Sendoff\n <a@x.org>", "a@x.org, b@x.org"]),
        ("mail.default_recipient", ["missing", ["a@example.org"]]),
        ("window.grace_seconds", [-1, 3601, "5", float("nan")]),
        ("keep.tasks_days", [0, 1.5]),
        ("keep.items_days", [40_000]),
        ("queues.mail.rate", ["30/week", 30]),
        ("queues.mail.concurrency", [0, 10_001, 1.5, True, "16"]),
        ("queues.mail.per_day", [0, "1500"]),
        ("queues.mail", [7]),
        ("queues.", [{}]),
        ("queues.a\nb", [{}]),
        ("queues", [[]]),
        ("mail", [7]),
    ],
)
def test_a_bad_value_is_named_at_its_path(key: str, values: list[object]) -> None:
    for bad in values:
        found: Any = bad
        for part in reversed(key.split(".")):
            found = {part: found}
        assert refused(found) == [key], bad


def test_a_server_may_be_an_address_of_either_kind() -> None:
    for host in ("mail.example.org", "192.0.2.1", "2001:db8::1"):
        assert from_mapping({"mail": {"host": host}}).mail.host == host


def refused(mapping: dict[str, Any]) -> list[str]:
    """Give the paths of what settings are refused for, each with a row of the words."""
    with pytest.raises(SettingsError) as caught:
        from_mapping(mapping)
    assert all(isinstance(error["message"], Said) for error in caught.value.errors)
    return [error["path"] for error in caught.value.errors]


def test_times_that_contradict_each_other_and_all_bad_values_are_named_at_once() -> None:
    assert refused({"keep": {"contents_days": 29}}) == ["keep.contents_days"]
    assert refused({"keep": {"messages_days": 400}}) == ["keep.contents_days"]
    assert refused({"keep": {"contents_days": 2000}}) == ["keep.items_days"]
    bad = {"mail": {"port": 0, "sender": ""}, "window": {"grace_seconds": -1}}
    assert refused(bad) == ["mail.port", "mail.sender", "window.grace_seconds"]


def test_real_sending_needs_a_server(tmp_path: Path) -> None:
    settings = Settings(mail=MailSettings(transport="smtp"))
    with pytest.raises(SettingsError, match=r"mail\.host: "):
        save(tmp_path / "settings.toml", settings)
    assert not (tmp_path / "settings.toml").exists()


def test_a_bad_value_in_the_file_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[mail]\nport = 99999\n")
    with pytest.raises(SettingsError, match=r"settings\.toml: mail\.port: A port is") as caught:
        load(path)
    assert caught.value.errors[0]["path"] == "mail.port"


@given(
    user=st.text(max_size=50).filter(str.isprintable),
    port=st.integers(1, 65535),
    grace=st.floats(0, 3600),
)
def test_any_valid_settings_survive_the_file(
    tmp_path_factory: pytest.TempPathFactory, user: str, port: int, grace: float
) -> None:
    path = tmp_path_factory.getbasetemp() / "settings.toml"
    settings = Settings(
        mail=dataclasses.replace(REAL.mail, user=user, port=port),
        window=WindowSettings(grace_seconds=grace),
    )
    save(path, settings)
    assert load(path) == settings


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[queues.quick]\nrat = "3/min"', "`queues.quick.rat`; did you mean `rate`?"),
        ("[queue.quick]\nconcurrency = 1", "`queue`; did you mean `queues`?"),
        ("[mail]\nprot = 25", "`mail.prot`; did you mean `port`?"),
        ("[window]\ncolour = 1", "`window.colour`."),
        ("theme = 1", "`theme`."),
        ('[mail]\nport = 25\n[queues.any]\nrate = "3/s"\nconcurrency=2', None),
        ("[window]\ngrace_seconds = 1", None),
        ("queues = 7\n[mail", None),  # what cannot be read is told elsewhere
        ("queues = 7", None),
        ("[queues]\nmail = 7", None),
        ("", None),
    ],
)
def test_a_key_that_means_nothing_is_told(text: str, told: str | None) -> None:
    said = [f"settings.toml: there is no {told}"] if told else []
    assert strange_keys(text.encode()) == said


def test_settings_of_a_newer_version_are_refused_and_not_written(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("format = 2\n[mail]\nport = 25\n")
    path.chmod(0o600)
    with pytest.raises(SettingsError, match="written by a newer version of this program"):
        load_after(None, path)
    with pytest.raises(SettingsError, match="written by a newer version of this program"):
        laid_over(path.read_bytes(), Settings(), "settings.toml")
    assert recalled('{"format": 2}') is UNKNOWN


def test_lines_that_are_lost_are_told_in_one_sentence() -> None:
    assert lost_limits([]) == []
    one = "settings.toml: `a` is gone and still applies. To change it, write a value."
    assert lost_limits(["a"]) == [one]
    two = "settings.toml: `a`, `b` are gone and still apply. To change them, write a value."
    assert lost_limits(["a", "b"]) == [two]


def test_the_environment_says_where_to_sign_in_while_the_file_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDOFF_SIGN_IN", "microsoft")
    real = b'[mail]\ntransport = "smtp"\nsender = "office@tc-aurach.example"\n'
    settings, lost = parse_after(None, real, "settings.toml")
    assert (settings.mail.sign_in, lost) == ("microsoft", [])
    assert parse_after(settings, real, "settings.toml") == (settings, [])  # no line is lost
    own, _ = parse_after(None, real + b'sign_in = ""\nhost = "mail.example.org"\n', "")
    assert own.mail.sign_in == ""
    monkeypatch.setenv("SENDOFF_SIGN_IN", "yahoo")
    with pytest.raises(SettingsError, match=r"mail\.sign_in"):
        parse_after(None, real, "settings.toml")
    monkeypatch.delenv("SENDOFF_SIGN_IN")
    with pytest.raises(LinesLost):  # another account would send
        parse_after(settings, real + b'host = "mail.example.org"\n', "settings.toml")
