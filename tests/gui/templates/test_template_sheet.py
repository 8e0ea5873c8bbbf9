"""The template editor: what is asked of the backend, and what is never lost without a question."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QApplication, QWidget

from desktop.gui.kit.widgets.texts import forget_absence
from desktop.gui.link.drafts import DraftBox, DraftKind, TypedDrafts
from desktop.gui.link.jobs import ApiSource
from desktop.gui.templates.edited_template import EditedTemplate
from desktop.gui.templates.template_sheet import TemplateSheet
from sendoff_tasks.client.errors import BackendGone, Refused
from sendoff_tasks.words.table import ENGLISH
from tests.gui.outboxes import silent_outbox
from tests.gui.templates.conftest import choose, template

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs
    from sendoff_tasks.model.problems import Problem


def type_text(qtbot: QtBot, sheet: TemplateSheet, text: str) -> None:
    qtbot.keyClicks(sheet.form.texts["text"], text)


def answer(sheet: TemplateSheet, word: str) -> None:
    next(button for button in sheet.question.buttons if button.text() == word).click()


def test_what_is_typed_is_shown_and_saved(
    qtbot: QtBot, sheet: TemplateSheet, saved: list[dict[str, Any]]
) -> None:
    with qtbot.waitSignal(sheet.preview_wanted) as wanted:
        type_text(qtbot, sheet, "Hello. ")
    parts = {**template()["parts"], "text": "Hello. Dear {{ name }}"}
    assert wanted.args == [{"template": "renewal", "parts": parts}]
    qtbot.keyClick(sheet.form.texts["text"], Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    asked = {"name": "renewal", "parts": parts, "attached": ["statutes.pdf"], "files": {}}
    assert saved == [asked]
    sheet.show_saved(template(parts=parts))
    assert sheet.isHidden()


def test_only_what_is_changed_or_new_can_be_saved(
    qtbot: QtBot, sheet: TemplateSheet, saved: list[dict[str, Any]]
) -> None:
    save = sheet.foot_row.save
    assert not save.isEnabled()
    qtbot.keyClick(sheet.form.texts["text"], Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert (saved, sheet.isVisible()) == ([], True)
    type_text(qtbot, sheet, "x")
    assert save.isEnabled()
    qtbot.keyClick(sheet.form.texts["text"], Qt.Key.Key_Backspace)
    assert not save.isEnabled()
    type_text(qtbot, sheet, "y")
    save.click()
    (asked,) = saved
    sheet.show_saved(template(parts=asked["parts"]))
    sheet.open()
    assert not save.isEnabled()
    sheet.show_version(template())
    assert save.isEnabled()
    sheet.discard()
    assert not save.isEnabled()
    sheet.name.copy.click()
    assert save.isEnabled()
    qtbot.keyClick(sheet.name.field.editor, Qt.Key.Key_Escape)
    assert not save.isEnabled()


def test_a_slip_is_told_and_corrected_by_one_click(sheet: TemplateSheet) -> None:
    sheet.form.texts["text"].set_source("{{ titel }} {{ new thing }}")
    unknown = [
        {"field": "new thing", "nearest": None},
        {"field": "titel", "nearest": "title"},
    ]
    shown = {"from": "a", "to": "b", "subject_html": "s", "text": "t", "html": ""}
    message = {**shown, "unknown": unknown}
    sheet.show_message(message)
    assert "There is no field “titel”: e-mails will wait." in sheet.form.error.text()
    assert sheet.foot_row.isAncestorOf(sheet.form.error)  # in sight beside *Save*
    sheet.form.error.linkActivated.emit("#")
    assert sheet.form.parts()["text"] == "{{ title }} {{ new thing }}"
    sheet.show_message({**message, "unknown": unknown[:1]})
    assert sheet.form.error.isHidden()
    assert sheet.foot_row.words.text() == ""


def test_the_list_of_templates_stands_beside_the_editor_or_above_it(
    sheet: TemplateSheet, host: QWidget, themes: ThemeSource
) -> None:
    for width, is_beside in ((1280, True), (900, False)):
        host.resize(themes.theme.px(width), 760)
        QApplication.processEvents()
        names = sheet.name.choice
        assert (names.width() < names.height()) is is_beside
        assert names.rect().contains(names.visualItemRect(names.item(0)))


def test_a_copy_and_a_new_name_say_where_they_come_from(
    qtbot: QtBot, sheet: TemplateSheet, saved: list[dict[str, Any]]
) -> None:
    sheet.name.copy.click()
    assert sheet.name.value() == "renewal 2"
    sheet.name.field.set_text("confirmation")
    sheet.foot_row.save.click()
    assert "already" in sheet.name.field.error
    sheet.name.field.set_text("Confirmation")  # as the list shows the built-in one
    assert sheet.name.field.error == ""
    sheet.foot_row.save.click()
    assert "already" in sheet.name.field.error
    for name, error in (("a/b", "Use at most"), ("con", "Windows reserves this name")):
        sheet.name.field.set_text(name)
        sheet.foot_row.save.click()
        assert saved == []
        assert sheet.name.field.error.startswith(error)
    sheet.name.field.set_text("Fees 2027")
    sheet.foot_row.save.click()
    asked = {"name": "Fees 2027", "copy_of": "renewal", "parts": sheet.form.parts(), "files": {}}
    assert saved.pop() == {**asked, "attached": ["statutes.pdf"]}


def test_a_copy_that_was_only_begun_is_no_change(qtbot: QtBot, sheet: TemplateSheet) -> None:
    sheet.name.copy.click()
    assert not sheet.has_changes()
    qtbot.keyClick(sheet.name.field.editor, Qt.Key.Key_Escape)
    assert (sheet.name.is_new, sheet.isVisible()) == (False, True)
    assert not sheet.question.isVisible()
    sheet.name.copy.click()
    qtbot.keyClicks(sheet.name.field.editor, "Fees")
    qtbot.keyClick(sheet.name.field.editor, Qt.Key.Key_Escape)
    assert sheet.question.isVisible()
    answer(sheet, "Discard")
    sheet.open()
    sheet.name.copy.click()
    sheet.close()
    assert sheet.isHidden()


def test_unsaved_changes_are_never_lost_without_a_question(
    qtbot: QtBot, sheet: TemplateSheet, saved: list[dict[str, Any]]
) -> None:
    wanted: list[str] = []
    sheet.template_wanted.connect(wanted.append)
    type_text(qtbot, sheet, "x")
    assert not sheet.close()
    answer(sheet, "Keep editing")
    choose(sheet, "confirmation")
    assert wanted == []
    answer(sheet, "Save")
    (asked,) = saved
    sheet.show_saved(template(parts=asked["parts"]))
    assert wanted == ["confirmation"]
    assert sheet.isVisible()
    type_text(qtbot, sheet, "y")
    assert not sheet.close()
    answer(sheet, "Discard")
    assert sheet.isHidden()
    sheet.open()
    assert not sheet.has_changes()


def test_what_is_typed_during_a_save_stays(
    qtbot: QtBot, sheet: TemplateSheet, saved: list[dict[str, Any]]
) -> None:
    files, text = sheet.form.attachments, sheet.form.texts["text"]
    type_text(qtbot, sheet, "Hello. ")
    files.add([__file__])
    sheet.foot_row.save.click()
    type_text(qtbot, sheet, "Welcome. ")
    later = Path(__file__).with_name("conftest.py")
    files.add([str(later)])
    (asked,) = saved
    both = [*template()["attachments"], {"file": Path(__file__).name, "size": 1}]
    sheet.show_saved(template(parts=asked["parts"], attachments=both))
    assert sheet.isVisible()
    qtbot.keyClicks(text, "Now, ")  # the cursor is where it was
    assert text.source() == "Hello. Welcome. Now, Dear {{ name }}"
    assert list(files.added()) == [later.name]
    with qtbot.waitSignal(sheet.editor.draft_changed) as told:
        sheet.editor.tell_draft()
    assert told.args[1]["parts"]["text"] == text.source()
    sheet.foot_row.save.click()
    sheet.show_saved(template(parts=saved[1]["parts"]))
    assert sheet.isHidden()


def test_what_is_typed_while_a_copy_is_saved_belongs_to_the_copy(
    qtbot: QtBot, sheet: TemplateSheet, saved: list[dict[str, Any]]
) -> None:
    told: list[tuple[str, object]] = []
    sheet.editor.draft_changed.connect(lambda *draft: told.append(draft))
    sheet.name.copy.click()
    sheet.foot_row.save.click()
    type_text(qtbot, sheet, "x")
    sheet.show_names([{"name": "renewal"}, {"name": "renewal 2"}])
    sheet.show_saved(template("renewal 2", parts=saved[0]["parts"]))
    assert [(name, draft is None) for name, draft in told] == [
        ("renewal", True), ("renewal 2", False),
    ]  # fmt: skip
    sheet.foot_row.save.click()
    assert (saved[1]["name"], "copy_of" in saved[1]) == ("renewal 2", False)
    qtbot.keyClick(sheet.form.texts["text"], Qt.Key.Key_Backspace)
    assert not sheet.has_changes()


def test_what_is_discarded_during_a_save_is_as_saved_then(
    qtbot: QtBot, sheet: TemplateSheet, saved: list[dict[str, Any]]
) -> None:
    type_text(qtbot, sheet, "x")
    sheet.foot_row.save.click()
    sheet.close()
    answer(sheet, "Discard")
    sheet.show_saved(template(parts=saved[0]["parts"]))
    assert (sheet.form.texts["text"].source(), sheet.has_changes()) == ("xDear {{ name }}", False)


def test_a_save_that_ends_leaves_another_template_alone(
    qtbot: QtBot, sheet: TemplateSheet, saved: list[dict[str, Any]]
) -> None:
    type_text(qtbot, sheet, "x")
    sheet.foot_row.save.click()
    choose(sheet, "confirmation")
    answer(sheet, "Discard")
    sheet.show_template(template("confirmation"))
    type_text(qtbot, sheet, "y")
    with qtbot.assertNotEmitted(sheet.editor.draft_changed):
        sheet.show_saved(template(parts=saved[0]["parts"]))
    assert (sheet.isVisible(), sheet.name.value(), sheet.form.texts["text"].source()) == (
        True, "confirmation", "yDear {{ name }}",
    )  # fmt: skip
    sheet.foot_row.save.click()
    assert [each["name"] for each in saved] == ["renewal", "confirmation"]


def test_what_is_typed_and_not_saved_is_told_until_it_is_discarded(
    qtbot: QtBot, sheet: TemplateSheet
) -> None:
    with qtbot.waitSignal(sheet.editor.draft_changed) as told:
        type_text(qtbot, sheet, "x")
    name, draft = told.args
    assert (name, draft["name"], draft["parts"]["text"]) == (
        "renewal", {"name": "renewal"}, "xDear {{ name }}",
    )  # fmt: skip
    with qtbot.waitSignal(sheet.editor.draft_changed) as told:
        sheet.close()
        answer(sheet, "Discard")
    assert told.args == ["renewal", None]
    sheet.show_draft({"name": {"name": "new", "copy_of": "renewal"}, "parts": draft["parts"]})
    assert (sheet.has_changes(), sheet.name.value()) == (True, "new")


def test_an_earlier_version_counts_once_it_is_saved(
    qtbot: QtBot, sheet: TemplateSheet, saved: list[dict[str, Any]]
) -> None:
    with qtbot.waitSignal(sheet.version_wanted) as wanted:
        sheet.name.versions.actions()[0].trigger()
    assert wanted.args == ["renewal", "17"]
    parts = {**template()["parts"], "text": "as it was"}
    sheet.show_version({"parts": parts})
    assert sheet.has_changes()
    with qtbot.waitSignal(sheet.version_wanted):
        sheet.name.versions.actions()[0].trigger()  # nothing was typed since
    type_text(qtbot, sheet, "and more, ")
    with qtbot.assertNotEmitted(sheet.version_wanted):
        sheet.name.versions.actions()[0].trigger()
    answer(sheet, "Keep editing")
    sheet.foot_row.save.click()
    assert saved[0]["parts"]["text"] == "and more, as it was"


def test_a_template_is_deleted_after_a_question(qtbot: QtBot, sheet: TemplateSheet) -> None:
    deleted: list[str] = []
    sheet.delete_requested.connect(deleted.append)
    with qtbot.waitSignal(sheet.deletion_wanted) as wanted:
        sheet.name.delete.trigger()
    assert wanted.args == ["renewal"]
    sheet.ask_about_deletion("renewal", {"open": 2, "again": 1})
    words = "“renewal” cannot be deleted: 2 e-mails are still to be sent with it."
    assert (sheet.foot_row.words.text(), sheet.question.isVisible()) == (words, False)
    sheet.ask_about_deletion("renewal", {"open": 1000, "again": 1, "counts_are_exact": False})
    assert "deleted: at least 1,000 e-mails are still" in sheet.foot_row.words.text()
    sheet.ask_about_deletion("renewal", {"open": 0, "again": 1000, "counts_are_exact": False})
    assert "At least 1,000 failed, cancelled or" in sheet.question.accessibleName()
    answer(sheet, "Keep it")
    sheet.ask_about_deletion("renewal", {"open": 0, "again": 29})
    assert "29 failed, cancelled or uncertain e-mails cannot" in sheet.question.accessibleName()
    answer(sheet, "Keep it")
    sheet.ask_about_deletion("renewal", {"open": 0, "again": 0})
    assert "failed" not in sheet.question.accessibleName()
    answer(sheet, "Delete")
    assert deleted == ["renewal"]
    sheet.name.delete.trigger()
    sheet.show_template(template("fees"))  # it was chosen before the answer came
    sheet.ask_about_deletion("renewal", {"open": 0, "again": 0})
    assert not sheet.question.isVisible()
    sheet.close()
    sheet.ask_about_deletion("fees", {"open": 0, "again": 0})
    sheet.open()
    assert not sheet.question.isVisible()
    sheet.show_template(template("confirmation", own=False, built_in=True))
    assert not sheet.name.delete.isVisible()


def test_what_is_typed_is_asked_about_before_the_built_in_text_comes_back(
    qtbot: QtBot, sheet: TemplateSheet, saved: list[dict[str, Any]]
) -> None:
    sheet.show_template(template("confirmation", built_in=True))
    type_text(qtbot, sheet, "Typed. ")
    with qtbot.assertNotEmitted(sheet.deletion_wanted):
        sheet.name.delete.trigger()
    answer(sheet, "Save")
    with qtbot.waitSignal(sheet.deletion_wanted):
        sheet.show_saved(template("confirmation", built_in=True, parts=saved[0]["parts"]))
    sheet.ask_about_deletion("confirmation", {"open": 2, "again": 0})
    with qtbot.waitSignal(sheet.delete_requested):
        answer(sheet, "Go back")


def test_enter_takes_the_name_of_a_copy(
    sheet: TemplateSheet, qtbot: QtBot, saved: list[dict[str, Any]]
) -> None:
    sheet.show_template(template("confirmation", own=False, built_in=True))
    sheet.name.copy.click()
    assert sheet.name.value() == "Confirmation 2"  # as the list has it
    qtbot.keyClick(sheet.name.field.editor, Qt.Key.Key_Return)
    assert (saved, sheet.isVisible()) == ([], True)
    assert not sheet.name.field.editor.hasFocus()


def test_a_template_says_who_it_comes_from_and_who_else_gets_it(
    sheet: TemplateSheet, qtbot: QtBot
) -> None:
    shown = template()
    shown["parts"]["cc"] = "ada@example.org, bo@example.org"
    sheet.show_template(shown)
    head = sheet.form.head
    assert head["cc"].text() == "ada@example.org, bo@example.org"
    qtbot.keyClicks(head["sender"].editor, "Desk <desk@example.org")
    qtbot.keyClicks(head["bcc"].editor, "archive@example.org; x")
    assert not sheet.form.check()
    assert [part for part, field in head.items() if field.error] == ["sender", "bcc"]
    qtbot.keyClicks(head["sender"].editor, ">")
    qtbot.keyClicks(head["bcc"].editor, "@example.org")
    assert sheet.form.check()
    parts = sheet.form.parts()
    assert [parts[part] for part in head] == [
        "Desk <desk@example.org>",
        "",
        "ada@example.org, bo@example.org",
        "archive@example.org; x@example.org",
    ]


def test_a_problem_stands_where_it_belongs(sheet: TemplateSheet) -> None:
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
    sheet.show_failure(Refused(problem))
    assert sheet.foot_row.words.text() == "No name."  # while no name is typed
    sheet.name.copy.click()
    sheet.show_failure(Refused(problem))
    assert sheet.form.head["reply_to"].error == "No address."
    assert sheet.form.error.text() == "Line 3: it's <b>."
    assert sheet.form.error.textFormat() is Qt.TextFormat.PlainText
    assert sheet.name.field.error == "No name."
    del problem["errors"]
    sheet.show_failure(Refused(problem))
    assert sheet.foot_row.words.text() == "d"


def test_a_text_that_would_freeze_the_window_is_not_pasted(sheet: TemplateSheet) -> None:
    data, said = QMimeData(), "This text is not pasted: it has over 50,000 characters"
    data.setText("x" * 1_000_000)
    for text, before in zip(sheet.form.texts.values(), ("Subject: ", ""), strict=True):
        text.insertFromMimeData(data)
        assert sheet.form.error.text().startswith(before + said)
    assert not sheet.has_changes()


def test_what_else_fails_ends_no_save(sheet: TemplateSheet) -> None:
    sheet.form.texts["text"].set_source("Typed.")
    sheet.form.texts["text"].edited.emit()
    save, words = sheet.foot_row.save, sheet.foot_row.words
    save.click()
    sheet.show_failure(BackendGone())  # the list of templates
    assert save.text() == "Saving…"
    forget_absence(sheet)
    assert words.text() == ""
    sheet.show_not_saved(BackendGone())
    sheet.show_failure(BackendGone())
    assert save.text() == "Save"
    forget_absence(sheet)
    assert words.text() == ""


def test_without_a_backend_a_save_waits_and_a_test_ends(
    sheet: TemplateSheet, jobs: Jobs, tmp_path: Path
) -> None:
    drafts = TypedDrafts(DraftKind.TEMPLATES, DraftBox(tmp_path), jobs, sheet)
    source = ApiSource(jobs)
    EditedTemplate(sheet, source, silent_outbox(sheet, source), drafts)
    sheet.form.texts["text"].set_source("Typed.")
    sheet.form.texts["text"].edited.emit()
    sheet.foot_row.save.click()
    assert (sheet.foot_row.save.text(), sheet.foot_row.words.text()) == (
        "Saving…",
        ENGLISH.say("client", "unanswered"),
    )
    sheet.foot_row.test.click()
    assert sheet.foot_row.test.text() == "Send a test"


def test_words_stay_until_another_template_is_chosen(sheet: TemplateSheet) -> None:
    usual = sheet.foot_row.words.text()
    sheet.show_test_result({"text": "Sent."})
    sheet.show_template(template())  # it was read again
    assert sheet.foot_row.words.text() == "Sent."
    sheet.name.choice.chosen.emit("confirmation")
    assert sheet.foot_row.words.text() == usual
    sheet.show_test_result({"text": "Sent."})
    sheet.close()
    sheet.open()
    assert sheet.foot_row.words.text() == usual


def test_readers_see_the_text_that_was_typed(
    qtbot: QtBot, sheet: TemplateSheet, saved: list[dict[str, Any]]
) -> None:
    html = "<p>Hello</p>"
    sheet.show_template(template(parts={**template()["parts"], "html": html}))
    qtbot.keyClicks(sheet.form.texts["subject"], "x")
    assert sheet.form.parts()["html"] == html
    type_text(qtbot, sheet, "x")
    assert sheet.form.parts()["html"] is None
    assert sheet.form.html_note.text().startswith("Recipients will get the text without")
    sheet.discard()
    assert sheet.form.html_note.text().startswith("Readers get the designed version")
    assert sheet.form.parts()["html"] == html
