"""A file of one item: dropped on its form, stored at once, sent with it, and never lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout

from desktop.client.api import Api
from desktop.gui.items.correction_form import CorrectionForm, corrections_of
from desktop.gui.items.form.item_files import ItemFiles
from tests.gui.counter import Counter
from tests.gui.hands import drop_files

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from tests.conftest import RunningBackend


def write(folder: Path, name: str, text: str = "the ticket") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def names(files: ItemFiles) -> list[str]:
    return [each.partition("/")[2] for each in files.ids()]


def remove(files: ItemFiles, name: str) -> None:
    buttons = [each for each in files.findChildren(QPushButton) if each.isVisibleTo(files)]
    next(each for each in buttons if each.accessibleName() == f"Remove {name}").click()


def shown(files: ItemFiles) -> set[str]:
    return {each.text() for each in files.findChildren(QLabel) if each.isVisibleTo(files)}


def test_dropped_files_go_with_the_item_and_come_back_with_undo(
    counter: Counter, api: Api, tmp_path: Path
) -> None:
    counter.connect(api)
    counter.grace.seconds = 600.0
    form = counter.form
    counter.type("Ada")
    drop_files(form, write(tmp_path, "ticket.pdf"), write(tmp_path, "map.pdf"))
    counter.until(lambda: names(form.files) == ["ticket.pdf", "map.pdf"])
    remove(form.files, "map.pdf")
    assert shown(form.files) >= {"ticket.pdf", "10 bytes"}
    counter.press_submit()
    (named,) = api.items.one(1)["attachments"]
    assert named.endswith("/ticket.pdf")
    assert form.files.isHidden()
    counter.undo()
    counter.until(lambda: form.files.ids() == [named])
    form.submit()
    counter.until(lambda: api.items.recent(1))
    assert api.items.recent(1)[0]["attachments"] == [named]


def test_a_file_is_kept_in_the_draft_before_and_after_it_is_stored(
    counter: Counter, api: Api, tmp_path: Path
) -> None:
    form, path = counter.form, write(tmp_path, "ticket.pdf")
    counter.type("Ada")
    form.files.add([str(path)])
    form.submit()
    assert "“ticket.pdf” is not stored yet. Try again in a moment." in shown(form.files)
    assert counter.typed_name() == "Ada"

    def draft() -> Any:
        counter.box_pool.waitForDone()
        return counter.box.load().form

    counter.until(draft)
    before = draft()
    assert before["files"] == [{"id": "", "path": str(path), "size": None}]
    form.clear()
    form.restore(before)  # as the next window does
    counter.connect(api)
    counter.until(form.files.ids)
    path.unlink()
    counter.until(lambda: draft()["files"][0]["id"])
    after = draft()
    form.clear()
    form.restore(after)
    counter.press_submit()
    assert api.items.one(1)["attachments"] == [after["files"][0]["id"]]


def test_what_cannot_be_stored_is_taken_away_with_the_reason(
    counter: Counter, api: Api, tmp_path: Path
) -> None:
    counter.connect(api)
    files = counter.form.files
    files.add([str(tmp_path / "none.pdf")])
    counter.until(lambda: files.files() == [])
    assert any(each.startswith("“none.pdf” is not attached. ") for each in shown(files))
    files.add([str(write(tmp_path, "empty.pdf", ""))])
    counter.until(lambda: "“empty.pdf” is not attached. The file is empty." in shown(files))
    assert files.files() == []


def test_a_stored_file_that_is_gone_is_said_at_the_files(counter: Counter, api: Api) -> None:
    counter.connect(api)
    counter.type("Ada")
    lost = f"{'0' * 24}/ticket.pdf"
    counter.form.files.show_files([{"id": lost, "path": "", "size": 10}])
    counter.form.submit()
    said = "The file “ticket.pdf” is no longer there. Attach it again."
    counter.until(lambda: said in shown(counter.form.files))
    assert counter.typed_name() == "Ada"


def test_a_correction_replaces_a_file(
    counter: Counter, api: Api, host: QWidget, tmp_path: Path, backend: RunningBackend
) -> None:
    counter.connect(api)
    old = api.items.attach(write(tmp_path, "old.pdf"))["id"]
    before: Any = {"recipient": {"email": "ada@example.org"}, "attachments": ["plan.pdf", old]}
    form = CorrectionForm()
    QVBoxLayout(host).addWidget(form)
    form.show()
    form.ask_at(counter.source)
    form.show_item(before)
    assert form.body() == before
    assert not form.has_changes()
    assert shown(form.files) >= {"plan.pdf", "old.pdf"}
    remove(form.files, "old.pdf")
    form.files.add([str(write(tmp_path, "new.pdf", "the new one"))])
    assert not form.check()
    counter.until(lambda: len(form.files.ids()) == 2)
    assert form.check()
    assert form.has_changes()
    body: Any = form.body()
    assert [each.rpartition("/")[2] for each in body["attachments"]] == ["plan.pdf", "new.pdf"]
    ((_, changed),) = corrections_of(
        [{"at": "2027-01-01T00:00:00Z", "item": body}, {"at": "", "item": before}]
    )
    assert changed == [("Attachments", "plan.pdf, old.pdf", "plan.pdf, new.pdf")]
