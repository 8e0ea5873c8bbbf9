"""The words about tasks: all that they say is approved, and what the code says is there."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from enum import Enum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import desktop
import sendoff_tasks
from desktop.cli import SENDOFF
from desktop.contract import office
from desktop.contract.do_not_send import ListOrigin, ListReason
from desktop.contract.office import OfficeReason, OfficeRefusal
from desktop.contract.rules.addresses import AddressFault
from desktop.mail import errors as mail_errors
from desktop.sheets.description import Note
from desktop.sheets.faults import OtherKind, SheetFault
from sendoff_tasks.client.health import ServerFault
from sendoff_tasks.folder.backend_addresses import UrlFault
from sendoff_tasks.model.acts import Act
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import Refusal, State
from sendoff_tasks.model.tasks import Deed
from sendoff_tasks.store.errors import NotUpdated, StoreError
from sendoff_tasks.words.acts import act_words
from sendoff_tasks.words.reasons import refused_words
from sendoff_tasks.words.table import ENGLISH, OWN, Said, read
from tests.library.words.said import APPROVED, REASONS, approved_texts, said

if TYPE_CHECKING:
    from collections.abc import Iterator

WHOLE: dict[str, type[Enum]] = {
    "address": AddressFault,
    "list_origin": ListOrigin,
    "listed": ListReason,
    "server": ServerFault,
    "server_address": UrlFault,
    "sheet": SheetFault,
    "sheet_kind": OtherKind,
    "sheet_note": Note,
}
"""Subjects that have a row for each member."""
REASONED = {"sending", "template", "template_fault", "template_code", "attachment"}
"""Subjects of the errors of ``mail``."""
PARTS = {"BadPart", "BadLetterhead"}
"""Errors whose first argument is a part."""
ANSWERS = {"refuse", "bad_field", "ProblemError", "problem_response", "SettingsError"}
"""What makes an answer of the API from a text."""
LITERALS = ast.Constant | ast.JoinedStr
HOUSES = [Path(next(iter(each.__path__))) for each in (desktop, sendoff_tasks)]


OF_CALLS = {
    *(Refusal.NOT_MADE, Refusal.CARRIED_OUT, Refusal.BROKE_OFF, Refusal.KEY_USED, Refusal.BEGUN),
    Refusal.MISFIT,
    *office.OF_CALLS,
}
"""Refusals that no action on tasks has."""


def test_words_are_those_that_were_approved() -> None:
    """``python -m tests.library.words.said`` writes the file; its diff is read like a text."""
    assert said() == APPROVED.read_text(encoding="utf-8")


def test_one_command_writes_each_approved_text() -> None:
    tests = Path(__file__).parents[2]
    written = {file for file, _ in approved_texts()}
    assert written == {*tests.rglob("*said.txt")}
    assert {file.with_suffix(".py") for file in written} == {*tests.rglob("*said.py")}


def test_rows_cover_each_state_deed_and_refusal() -> None:
    needed: list[tuple[str, str]] = [("state", each) for each in State]
    needed += [("deed", each) for each in Deed]
    needed += [("refused", each) for each in (*Refusal, *OfficeRefusal)]
    needed += [("skipped", each) for each in {*Refusal, *OfficeRefusal} - OF_CALLS]
    needed += [(subject, str(each.value)) for subject, kind in WHOLE.items() for each in kind]
    needed.remove(("address", AddressFault.CONTROL_CHARACTER.value))  # as in any other line
    assert [each for each in needed if each not in ENGLISH.rows] == []


def test_reasons_of_the_approved_file_are_all_there_are() -> None:
    told = {reason for reason, _ in REASONS}
    assert told == {*Reason, *OfficeReason} - {OfficeReason.UNSETTLED}  # it is of a whole batch


def _name(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def calls() -> Iterator[tuple[str, str]]:
    """Find each row that the code names: subject and name of ``say``."""
    for file in (file for house in HOUSES for file in house.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or len(node.args) < 2:
                continue
            if _name(node) == "say":
                subject, name = (getattr(each, "value", None) for each in node.args[:2])
                if isinstance(subject, str) and isinstance(name, str):
                    yield subject, name


def test_each_row_that_the_code_names_is_in_a_table() -> None:
    found = set(calls())
    assert len(found) > 40
    variants = {(subject.partition(".")[0], name) for subject, name in ENGLISH.rows}
    assert found - variants == set()


def strings() -> Iterator[str]:
    """Find all words in quotation marks of the code."""
    for file in (file for house in HOUSES for file in house.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_each_reason_of_a_mail_error_is_in_a_table_and_each_row_is_one() -> None:
    named = set(strings())
    rows = {name for subject, name in ENGLISH.rows if subject in REASONED}
    assert rows - named == set()
    raised = {reason for reason in _raised() if reason.replace("_", "").isalnum()}
    assert len(raised) > 40
    assert raised - rows == set()


def _raised() -> Iterator[str]:
    errors = {name for name, kind in vars(mail_errors).items() if isinstance(kind, type)}
    errors |= {"BadPart", "BadLetterhead", "_broken", "_uncertain", "silence"}
    for file in Path(mail_errors.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (name := _name(node)) in errors:
                given = node.args[1:] if name in PARTS else node.args
                if given and isinstance(given[0], ast.Constant):
                    yield str(given[0].value)


def test_each_refusal_with_a_subject_is_in_a_table_and_each_row_is_one() -> None:
    rows = {key: row for file in OWN[1:3] for key, row in read(file).items()}
    subjects = {subject for subject, _ in rows}
    named = [each.split(".") for each in set(strings()) if re.fullmatch(r"[a-z_]+\.[a-z_]+", each)]
    pairs = {(subject, name) for subject, name in named if subject in subjects}
    assert len(pairs) > 40
    assert {
        (subject, name) for subject, name in pairs - {*rows} if name not in {"toml", "py"}
    } == set()
    alone = {*strings(), *(name for _, name in pairs)}
    assert [key for key in rows if key[1] not in alone] == []


def test_sentence_is_of_one_subject_only() -> None:
    rows = [row for row in ENGLISH.rows.values() if len(row.other.split()) > 4]
    told = {(row.subject.partition(".")[0], re.sub(r"\{\w+\}", "{}", row.other)) for row in rows}
    texts = Counter(text for _, text in told if text.endswith("."))
    assert [text for text, times in texts.items() if times > 1] == []


def test_reason_is_worded_once() -> None:
    """A reason is one phrase for a task; of a whole queue or several tasks it may be another."""
    fields_tell_apart = {"{text}", "next, {limit}"}
    for subject in ("reason", "cause", "cure", "refused", "skipped"):
        texts = Counter(row.other for (of, _), row in ENGLISH.rows.items() if of == subject)
        assert {text for text, times in texts.items() if times > 1} <= fields_tell_apart


def test_table_of_tasks_says_nothing_of_the_office() -> None:
    texts = " ".join(row.other for file in OWN for row in read(file).values()).casefold()
    for word in ("e-mail", "message", "batch", "item", "sendoff"):
        assert re.search(rf"{word}(?![_-])", texts) is None, word  # code may name the package


def test_row_of_the_office_is_in_one_file_only() -> None:
    keys = Counter(key for file in SENDOFF.words for key in read(file))
    assert [key for key, files in keys.items() if files > 1] == []


@pytest.mark.parametrize("n", [0, 1, 2, 1000])
def test_number_picks_the_form(n: int) -> None:
    assert ENGLISH.say("count", "tasks", n=n) == ("1 task" if n == 1 else f"{n:,} tasks")


def test_unknown_row_is_an_error_unless_it_may_be_of_a_newer_version() -> None:
    assert ENGLISH.fill("reason", "of a later version") == ""
    with pytest.raises(LookupError, match="of a later version"):
        ENGLISH.say("reason", "of a later version")


def test_row_is_said_again_from_what_was_told_of_it() -> None:
    for row in ENGLISH.rows.values():
        fields: dict[str, object] = dict.fromkeys(re.findall(r"\{(\w+)\}", row.other), "7")
        count = 2 if row.one else None
        if fields.keys() & {"deadline", "help", "count"}:  # their data are no texts
            continue
        inner = ENGLISH.say("value", "missing")
        for each in (fields, {**fields, **dict.fromkeys(fields.keys() - {"n"}, inner)}):
            each.pop("n", None)
            said = ENGLISH.say(row.subject, row.name, n=count, **each)
            assert isinstance(said, Said)
            reason, data = said.reason, json.loads(json.dumps(said.data))
            if not row.name.replace(".", "").isdigit():
                assert refused_words(ENGLISH, reason, data) == said, reason


def test_act_that_is_undone_may_have_a_name_of_its_own() -> None:
    undone = partial(Act, id=1, at="", who="", verb="undo", kind="task", tasks=[[5, 5]], count=1)
    told = [act_words(ENGLISH, undone(name=name)) for name in ("correct", "retry")]
    sending, retry = ENGLISH.say("act", "correct", "undone"), ENGLISH.say("act", "retry")
    assert told == [f"Undo {sending} #5", f"Undo {retry} #5"]
    assert sending != ENGLISH.say("act", "correct")


def test_error_that_tells_another_is_said_again() -> None:
    cause = StoreError("backup.failed", why="no room")
    for error in (
        NotUpdated(cause.told),
        StoreError("backup.late", why=cause.told, newest="1 May"),
    ):
        said = str(error)
        assert isinstance(said, Said)
        assert refused_words(ENGLISH, said.reason, json.loads(json.dumps(said.data))) == said


def test_error_within_a_text_is_told_as_its_row() -> None:
    error = StoreError("backup.failed", why="no room")
    wrong = ENGLISH.say("settings", "wrong", where="settings.toml", why=error)
    assert isinstance(wrong, Said)
    assert wrong.data["why"] == error.told


def test_value_of_an_item_is_no_row() -> None:
    for value in ({"a": 1}, {"refusal": "store.full", "data": 1}):
        said = ENGLISH.say("template_code", "other_value", text=value, wanted="not a date")
        assert isinstance(said, Said)
        assert refused_words(ENGLISH, said.reason, said.data) == said


def test_no_answer_of_the_api_is_worded_where_it_is_made() -> None:
    found = []
    for file in (file for house in HOUSES for file in house.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ANSWERS:
                given = [ast.unparse(e) for e in node.args if isinstance(e, LITERALS)]
                found += [text for text in given if " " in text]
    assert found == []
