"""The place Letters: what is asked of the backend, and what is never lost without a question."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, Qt

from desktop.gui.kit.widgets.texts import forget_absence
from desktop.gui.link.drafts import DraftBox, DraftKind, TypedDrafts
from desktop.gui.link.jobs import ApiSource
from desktop.gui.templates.edited_template import EditedTemplate
from desktop.gui.templates.letter_reader import NAMES
from desktop.gui.templates.letterhead_form import LETTERHEAD
from desktop.gui.templates.letters_place import LettersPlace
from sendoff_tasks.client.errors import BackendGone, Refused
from sendoff_tasks.words.table import ENGLISH
from tests.gui import hands
from tests.gui.hands import answer, asked, asks, pick
from tests.gui.outboxes import silent_outbox
from tests.gui.templates.conftest import choose, template

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.link.jobs import Jobs
    from sendoff_tasks.model.problems import Problem


def type_text(qtbot: QtBot, letters: LettersPlace, text: str) -> None:
    qtbot.keyClicks(letters.form.texts["text"], text)


def test_the_chips_show_the_values_of_the_person_and_what_is_empty_is_named(
    letters: LettersPlace,
) -> None:
    message = {"values": {"name": "Ines Duarte"}, "unknown": [], "marked": ["title"]}
    letters.show_message(message)
    assert letters.form.fields.shown("name") == "Ines Duarte"
    assert letters.empty.text() == "Not filled in: title"
    pick(letters.editor.reader, NAMES)
    letters.show_message(message)
    assert letters.form.fields.shown("name") == "name"
    letters.show_no_message("No answer.", BackendGone())
    assert (letters.unmade.text(), letters.empty.isVisible()) == ("No answer.", False)


def test_the_list_says_what_waits_for_a_letter_or_that_it_is_not_saved(
    letters: LettersPlace,
) -> None:
    def said() -> list[str]:
        entries = (letters.rows.topLevelItem(row) for row in range(len(letters.rows.names())))
        return [each.text(1) for each in entries if each is not None]

    found = {"open": 1000, "counts_are_exact": False}
    letters.rows.show_waiting({"confirmation": found, "renewal": {"open": 1}})
    assert said() == ["at least 1,000 wait for it", "1 waits for it", ""]
    letters.rows.show_unsaved(["renewal", LETTERHEAD])
    assert said() == ["at least 1,000 wait for it", "not saved", "not saved"]


def test_only_what_is_changed_or_new_can_be_saved(
    qtbot: QtBot, letters: LettersPlace, saved: list[dict[str, Any]]
) -> None:
    save = letters.save
    assert not save.isEnabled()
    qtbot.keyClick(letters.form.texts["text"], Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert saved == []
    type_text(qtbot, letters, "x")
    assert save.isEnabled()
    qtbot.keyClick(letters.form.texts["text"], Qt.Key.Key_Backspace)
    assert not save.isEnabled()
    type_text(qtbot, letters, "y")
    save.click()
    (asked,) = saved
    letters.show_saved(template(parts=asked["parts"]), "renewal")
    assert not save.isEnabled()
    letters.show_version(template())
    assert save.isEnabled()
    letters.discard()
    assert not save.isEnabled()
    letters.name.copy.click()
    assert save.isEnabled()
    qtbot.keyClick(letters.name.field.editor, Qt.Key.Key_Escape)
    assert not save.isEnabled()


def test_a_slip_is_told_and_corrected_by_one_click(letters: LettersPlace) -> None:
    letters.form.texts["text"].set_source("{{ titel }} {{ new thing }}")
    unknown = [
        {"field": "new thing", "nearest": None},
        {"field": "titel", "nearest": "title"},
    ]
    shown = {"from": "a", "to": "b", "subject_html": "s", "text": "t", "html": ""}
    message = {**shown, "unknown": unknown}
    letters.show_message(message)
    assert "There is no field “titel”: e-mails will wait." in letters.form.error.text()
    assert letters.page.isAncestorOf(letters.form.error)  # in sight beside *Save*
    letters.form.error.linkActivated.emit("#")
    assert letters.form.parts()["text"] == "{{ title }} {{ new thing }}"
    letters.show_message({**message, "unknown": unknown[:1]})
    assert letters.form.error.isHidden()
    assert letters.words.text() == ""


def test_a_copy_and_a_new_name_say_where_they_come_from(
    qtbot: QtBot, letters: LettersPlace, saved: list[dict[str, Any]]
) -> None:
    letters.name.copy.click()
    assert letters.name.value() == "renewal 2"
    letters.name.field.set_text("confirmation")
    letters.save.click()
    assert "already" in letters.name.field.error
    letters.name.field.set_text("Confirmation")  # as the list shows the built-in one
    assert letters.name.field.error == ""
    letters.save.click()
    assert "already" in letters.name.field.error
    for name, error in (("a/b", "Use at most"), ("con", "Windows reserves this name")):
        letters.name.field.set_text(name)
        letters.save.click()
        assert saved == []
        assert letters.name.field.error.startswith(error)
    letters.name.field.set_text("Fees 2027")
    letters.save.click()
    asked = {"name": "Fees 2027", "copy_of": "renewal", "parts": letters.form.parts(), "files": {}}
    assert saved.pop() == {**asked, "attached": [], "seen": template()["parts"]}


def test_a_copy_takes_who_else_gets_it_and_files_along_only_if_told_so(
    letters: LettersPlace, saved: list[dict[str, Any]]
) -> None:
    letters.show_template(template(parts={**template()["parts"], "bcc": "bo@example.org"}))
    letters.name.copy.click()
    parts = letters.form.parts()
    assert (parts["bcc"], parts["attachments"]) == ("", [])
    assert not letters.has_changes()
    letters.form.take_along.click()
    letters.save.click()
    (asked,) = saved
    assert (asked["parts"]["bcc"], asked["attached"]) == ("bo@example.org", ["statutes.pdf"])


def test_a_copy_that_was_only_begun_is_no_change(qtbot: QtBot, letters: LettersPlace) -> None:
    letters.name.copy.click()
    assert not letters.has_changes()
    qtbot.keyClick(letters.name.field.editor, Qt.Key.Key_Escape)
    assert (letters.name.is_new, letters.is_open, asked()) == (False, True, None)
    assert letters.form.attachments.staying() == ["statutes.pdf"]
    letters.name.copy.click()
    letters.name.field.set_text("Fees")
    qtbot.keyClick(letters.name.field.editor, Qt.Key.Key_Escape)
    answer("Discard")
    assert (letters.name.is_new, letters.has_changes()) == (False, False)


def test_unsaved_text_is_a_draft_when_another_letter_is_shown_and_is_discarded_after_a_question(
    qtbot: QtBot, letters: LettersPlace
) -> None:
    told: list[tuple[str, object]] = []
    letters.editor.draft_changed.connect(lambda *draft: told.append(draft))
    type_text(qtbot, letters, "x")
    with qtbot.waitSignal(letters.template_wanted) as wanted:
        choose(letters, "confirmation")
    assert (wanted.args, asked()) == (["confirmation"], None)
    (name, draft) = told.pop()
    assert (name, draft is None) == ("renewal", False)
    choose(letters, "renewal")
    letters.name.discard.trigger()
    answer("Keep editing")
    assert letters.has_changes()
    letters.name.discard.trigger()
    answer("Discard")
    assert (letters.has_changes(), told.pop()) == (False, ("renewal", None))
    assert not letters.name.discard.isEnabled()


def test_what_is_typed_during_a_save_stays(
    qtbot: QtBot, letters: LettersPlace, saved: list[dict[str, Any]]
) -> None:
    files, text = letters.form.attachments, letters.form.texts["text"]
    type_text(qtbot, letters, "Hello. ")
    files.add([__file__])
    letters.save.click()
    type_text(qtbot, letters, "Welcome. ")
    later = Path(__file__).with_name("conftest.py")
    files.add([str(later)])
    (asked,) = saved
    both = [*template()["attachments"], {"file": Path(__file__).name, "size": 1}]
    letters.show_saved(template(parts=asked["parts"], attachments=both), "renewal")
    qtbot.keyClicks(text, "Now, ")  # the cursor is where it was
    assert text.source() == "Hello. Welcome. Now, Dear {{ name }}"
    assert list(files.added()) == [later.name]
    with qtbot.waitSignal(letters.editor.draft_changed) as told:
        letters.editor.tell_draft()
    assert told.args[1]["parts"]["text"] == text.source()
    letters.save.click()
    letters.show_saved(template(parts=saved[1]["parts"]), "renewal")
    assert not letters.has_changes()
    qtbot.keyClicks(text, "and ")  # also if nothing was typed meanwhile
    assert text.source() == "Hello. Welcome. Now, and Dear {{ name }}"


def test_what_is_typed_while_a_copy_is_saved_belongs_to_the_copy(
    qtbot: QtBot, letters: LettersPlace, saved: list[dict[str, Any]]
) -> None:
    told: list[tuple[str, object]] = []
    letters.editor.draft_changed.connect(lambda *draft: told.append(draft))
    letters.name.copy.click()
    letters.save.click()
    type_text(qtbot, letters, "x")
    letters.show_names([{"name": "renewal"}, {"name": "renewal 2"}])
    letters.show_saved(template("renewal 2", parts=saved[0]["parts"], attachments=[]), "renewal")
    assert [(name, draft is None) for name, draft in told] == [
        ("renewal", True), ("renewal 2", False),
    ]  # fmt: skip
    letters.save.click()
    assert (saved[1]["name"], "copy_of" in saved[1]) == ("renewal 2", False)
    qtbot.keyClick(letters.form.texts["text"], Qt.Key.Key_Backspace)
    assert not letters.has_changes()


def test_what_is_discarded_during_a_save_is_as_saved_then(
    qtbot: QtBot, letters: LettersPlace, saved: list[dict[str, Any]]
) -> None:
    type_text(qtbot, letters, "x")
    letters.save.click()
    letters.discard()
    letters.show_saved(template(parts=saved[0]["parts"]), "renewal")
    assert (letters.form.texts["text"].source(), letters.has_changes()) == (
        "xDear {{ name }}",
        False,
    )


def test_a_save_that_ends_leaves_another_template_alone(
    qtbot: QtBot, letters: LettersPlace, saved: list[dict[str, Any]]
) -> None:
    type_text(qtbot, letters, "x")
    letters.save.click()
    choose(letters, "confirmation")
    letters.show_template(template("confirmation"))
    type_text(qtbot, letters, "y")
    letters.save.click()
    assert [each["name"] for each in saved] == ["renewal", "confirmation"]
    with qtbot.assertNotEmitted(letters.editor.draft_changed):
        letters.show_saved(template(parts=saved[0]["parts"]), "renewal")
    assert (letters.save.text(), letters.name.value()) == ("Saving…", "confirmation")
    assert letters.form.texts["text"].source() == "yDear {{ name }}"


def test_what_is_typed_and_not_saved_is_told_until_it_is_discarded(
    qtbot: QtBot, letters: LettersPlace
) -> None:
    with qtbot.waitSignal(letters.editor.draft_changed) as told:
        type_text(qtbot, letters, "x")
    name, draft = told.args
    assert (name, draft["name"], draft["parts"]["text"]) == (
        "renewal", {"name": "renewal"}, "xDear {{ name }}",
    )  # fmt: skip
    with qtbot.waitSignal(letters.editor.draft_changed) as told:
        letters.discard()
    assert told.args == ["renewal", None]
    letters.show_draft({"name": {"name": "new", "copy_of": "renewal"}, "parts": draft["parts"]})
    assert (letters.has_changes(), letters.name.value()) == (True, "new")


def test_a_draft_whose_save_was_not_answered_is_none_once_it_is_seen_to_be_saved(
    letters: LettersPlace,
) -> None:
    told: list[tuple[str, object]] = []
    letters.editor.draft_changed.connect(lambda *draft: told.append(draft))
    draft = {"name": {"name": "renewal"}, "parts": template()["parts"], "files": {}}
    letters.show_draft({**draft, "seen": {**draft["parts"], "text": "Before"}}, "Changed.")
    assert (letters.words.text(), told) == ("", [("renewal", None)])


def test_an_earlier_version_counts_once_it_is_saved(
    qtbot: QtBot, letters: LettersPlace, saved: list[dict[str, Any]]
) -> None:
    with qtbot.waitSignal(letters.version_wanted) as wanted:
        letters.name.versions.actions()[0].trigger()
    assert wanted.args == ["renewal", "17"]
    parts = {**template()["parts"], "text": "as it was"}
    letters.show_version({"parts": parts})
    assert letters.has_changes()
    with qtbot.waitSignal(letters.version_wanted):
        letters.name.versions.actions()[0].trigger()  # nothing was typed since
    type_text(qtbot, letters, "and more, ")
    with qtbot.assertNotEmitted(letters.version_wanted):
        letters.name.versions.actions()[0].trigger()
    answer("Keep editing")
    letters.save.click()
    assert saved[0]["parts"]["text"] == "and more, as it was"


def test_a_template_is_deleted_after_a_question(qtbot: QtBot, letters: LettersPlace) -> None:
    deleted: list[str] = []
    letters.delete_requested.connect(deleted.append)
    with qtbot.waitSignal(letters.deletion_wanted) as wanted:
        letters.name.delete.trigger()
    assert wanted.args == ["renewal"]
    letters.ask_about_deletion("renewal", {"open": 2, "again": 1})
    words = "“renewal” cannot be deleted: 2 e-mails are still to be sent with it."
    assert (letters.words.text(), asked()) == (words, None)
    letters.ask_about_deletion("renewal", {"open": 1000, "again": 1, "counts_are_exact": False})
    assert "deleted: at least 1,000 e-mails are still" in letters.words.text()
    letters.ask_about_deletion("renewal", {"open": 0, "again": 1000, "counts_are_exact": False})
    assert asks("At least 1,000 failed, cancelled or")
    hands.answer("Keep it")
    letters.ask_about_deletion("renewal", {"open": 0, "again": 29})
    assert asks("29 failed, cancelled or uncertain e-mails cannot")
    hands.answer("Keep it")
    letters.ask_about_deletion("renewal", {"open": 0, "again": 0})
    assert not asks("failed")
    hands.answer("Delete")
    assert deleted == ["renewal"]
    letters.name.delete.trigger()
    letters.show_template(template("fees"))  # it was chosen before the answer came
    letters.ask_about_deletion("renewal", {"open": 0, "again": 0})
    assert asked() is None
    letters.hide()
    letters.ask_about_deletion("fees", {"open": 0, "again": 0})
    letters.show()
    assert asked() is None
    letters.show_template(template("confirmation", own=False, built_in=True))
    assert not letters.name.delete.isVisible()


def test_what_is_typed_is_asked_about_before_the_built_in_text_comes_back(
    qtbot: QtBot, letters: LettersPlace
) -> None:
    letters.show_template(template("confirmation", built_in=True))
    type_text(qtbot, letters, "Typed. ")
    with qtbot.assertNotEmitted(letters.deletion_wanted):
        letters.name.delete.trigger()
    with qtbot.waitSignal(letters.deletion_wanted):
        answer("Discard")
    letters.ask_about_deletion("confirmation", {"open": 2, "again": 0})
    with qtbot.waitSignal(letters.delete_requested):
        hands.answer("Go back")


def test_enter_takes_the_name_of_a_copy(
    letters: LettersPlace, qtbot: QtBot, saved: list[dict[str, Any]]
) -> None:
    letters.show_template(template("confirmation", own=False, built_in=True))
    letters.name.copy.click()
    assert letters.name.value() == "Confirmation 2"  # as the list has it
    qtbot.keyClick(letters.name.field.editor, Qt.Key.Key_Return)
    assert saved == []
    assert not letters.name.field.editor.hasFocus()


def test_a_template_says_who_it_comes_from_and_who_else_gets_it(
    letters: LettersPlace, qtbot: QtBot
) -> None:
    shown = template()
    shown["parts"]["cc"] = "ada@example.org, bo@example.org"
    letters.show_template(shown)
    head = letters.form.head
    assert head["cc"].text() == "ada@example.org, bo@example.org"
    qtbot.keyClicks(head["sender"].editor, "Desk <desk@example.org")
    qtbot.keyClicks(head["bcc"].editor, "archive@example.org; x")
    assert not letters.form.check()
    assert [part for part, field in head.items() if field.error] == ["sender", "bcc"]
    qtbot.keyClicks(head["sender"].editor, ">")
    qtbot.keyClicks(head["bcc"].editor, "@example.org")
    assert letters.form.check()
    parts = letters.form.parts()
    assert [parts[part] for part in head] == [
        "Desk <desk@example.org>",
        "",
        "ada@example.org, bo@example.org",
        "archive@example.org; x@example.org",
    ]


def test_a_problem_stands_where_it_belongs(letters: LettersPlace) -> None:
    problem: Problem = {
        "type": "about:blank",
        "title": "",
        "status": 422,
        "detail": "d",
        "errors": [
            {"path": "parts.reply_to", "message": "No address."},
            {"path": "parts", "message": "Line 3: it's <b>."},
            {"path": "name", "message": "No name."},
        ],
    }
    letters.show_failure(Refused(problem))
    assert letters.words.text() == "No name."  # while no name is typed
    letters.name.copy.click()
    letters.show_failure(Refused(problem))
    assert letters.form.head["reply_to"].error == "No address."
    assert letters.form.error.text() == "Line 3: it's <b>."
    assert letters.form.error.textFormat() is Qt.TextFormat.PlainText
    assert letters.name.field.error == "No name."
    del problem["errors"]
    letters.show_failure(Refused(problem))
    assert letters.words.text() == "d"


def test_a_text_that_would_freeze_the_window_is_not_pasted(letters: LettersPlace) -> None:
    data, said = QMimeData(), "This text is not pasted: it has over 50,000 characters"
    data.setText("x" * 1_000_000)
    for text, before in zip(letters.form.texts.values(), ("Subject: ", ""), strict=True):
        text.insertFromMimeData(data)
        assert letters.form.error.text().startswith(before + said)
    assert not letters.has_changes()


def test_what_else_fails_ends_no_save(letters: LettersPlace) -> None:
    letters.form.texts["text"].set_source("Typed.")
    letters.form.texts["text"].edited.emit()
    save, words = letters.save, letters.words
    save.click()
    letters.show_failure(BackendGone())  # the list of templates
    assert save.text() == "Saving…"
    forget_absence(letters.page)
    assert words.text() == ""
    letters.show_not_saved(BackendGone(), "renewal")
    letters.show_failure(BackendGone())
    assert save.text() == "Save"
    forget_absence(letters.page)
    assert words.text() == ""


def test_without_a_backend_a_save_waits_and_a_test_ends(
    letters: LettersPlace, jobs: Jobs, tmp_path: Path
) -> None:
    drafts = TypedDrafts(DraftKind.TEMPLATES, DraftBox(tmp_path), jobs, letters)
    source = ApiSource(jobs)
    EditedTemplate(letters, source, silent_outbox(letters, source), drafts)
    letters.form.texts["text"].set_source("Typed.")
    letters.form.texts["text"].edited.emit()
    letters.save.click()
    assert (letters.save.text(), letters.words.text()) == (
        "Saving…",
        ENGLISH.say("client", "unanswered"),
    )
    letters.test.click()
    assert letters.test.text() == "Send it to me"


def test_words_stay_until_another_template_is_chosen(letters: LettersPlace) -> None:
    letters.show_test_result({"text": "Sent."})
    letters.show_template(template())  # it was read again
    assert letters.words.text() == "Sent."
    letters.name.choice.chosen.emit("confirmation")
    assert letters.words.text() == ""


def test_readers_see_the_text_that_was_typed(
    qtbot: QtBot, letters: LettersPlace, saved: list[dict[str, Any]]
) -> None:
    html = "<p>Hello</p>"
    letters.show_template(template(parts={**template()["parts"], "html": html}))
    qtbot.keyClicks(letters.form.texts["subject"], "x")
    assert letters.form.parts()["html"] == html
    type_text(qtbot, letters, "x")
    assert letters.form.parts()["html"] is None
    assert letters.form.html_note.text().startswith("Recipients will get the text without")
    letters.discard()
    assert letters.form.html_note.text().startswith("Readers get the designed version")
    assert letters.form.parts()["html"] == html
