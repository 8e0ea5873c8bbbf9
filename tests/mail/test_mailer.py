"""An item becomes its mail, and leaves as the settings say."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from html import unescape
from pathlib import Path
from typing import Any, cast

import pytest

from desktop.contract.items import NewItem, Recipient
from desktop.contract.rules.mailbox import Mailbox
from desktop.contract.rules.templates import headings_of
from desktop.mail import mailer as module
from desktop.mail.errors import BadTemplate, BeingWritten, MailFinal, MissingAttachment
from desktop.mail.files import BatchFiles, FolderFiles
from desktop.mail.mailer import LARGE, LARGE_AT_ONCE, Mailer, open_mailer, send_test, values_of
from desktop.mail.templates.template import Template
from desktop.settings.office_folder import OfficeFolder
from desktop.settings.preferences import MailSettings
from desktop.sheets.reader.files.cells import Wording
from desktop.sheets.reader.rows import RowMapper
from sendoff_tasks.folder import safe_files
from tests import WITHIN
from tests.mail.server import running

ADA_BERG: Recipient = {"name": "Ada Berg", "email": "ada@example.org"}
ADA: NewItem = {"title": "Two seats", "recipient": {"name": "Ada", "email": "ada@example.org"}}


@pytest.fixture
def folder(tmp_path: Path) -> OfficeFolder:
    made = OfficeFolder(tmp_path / "data")
    made.create()
    return made


@pytest.fixture
def mailer(folder: OfficeFolder) -> Mailer:
    return open_mailer(MailSettings(), FolderFiles(folder.root))


def test_an_items_confirmation_has_its_name_title_and_number(mailer: Mailer) -> None:
    message = mailer.compose(ADA, 42, mailer.new_message_id())
    assert message.to == Mailbox("Ada", "ada@example.org")
    assert message.sender == Mailbox("Sendoff", "sendoff@localhost")
    assert message.subject == "Two seats: confirmed (no. 42)"
    assert "Hello Ada" in message.text
    assert "Hello Ada" in message.html


def test_an_item_without_a_recipient_is_sent_in_practice_only(
    mailer: Mailer, folder: OfficeFolder
) -> None:
    assert mailer.compose({}, 42, mailer.new_message_id()).to == Mailbox("", "you@example.org")
    mailer = open_mailer(
        MailSettings(transport="smtp", host="mail.example.org"), FolderFiles(folder.root)
    )
    with pytest.raises(MailFinal, match="no recipient"):
        mailer.compose({}, 42, mailer.new_message_id())


def test_practice_messages_go_to_the_outbox_and_nowhere_else(
    mailer: Mailer, folder: OfficeFolder
) -> None:
    message_id, sentence = send_test(mailer, "ada@example.org", lambda _: None, None)
    assert "Kept in the outbox; practice mode sends nothing." in sentence
    assert [path.name for path in folder.outbox.iterdir()] == [f"{message_id[1:-1]}.eml"]
    with pytest.raises(MailFinal, match="no @"):
        send_test(mailer, "ada", lambda _: None, None)


def test_a_test_mail_tells_what_the_server_said(folder: OfficeFolder) -> None:
    log: list[str] = []
    with running() as server:
        mailer = open_mailer(
            server.settings(user="ada"), FolderFiles(folder.root), lambda: "pässword"
        )
        message_id, sentence = send_test(mailer, "ada@example.org", log.append, None)
        mailer.close()
    assert sentence == "Sent to ada@example.org"
    assert "250 2.0.0 queued as 4711" in log
    assert message_id.encode() in (server.mails[0].original_content or b"")
    assert "signed in as ada" in log


@pytest.mark.parametrize(
    ("name", "fields", "made"),
    [
        ("Berta von Sydow", {}, "Berta von Sydow/Berta von Sydow/"),
        ("Moreau, Fay", {}, "Fay/Moreau/"),
        ("Huber", {}, "Huber/Huber/"),
        ("Hans Peter Huber", {"last_name": "Huber", "first_name": "Hans Peter", "x": 1},
         "Hans Peter/Huber/X: 1"),
        ("Verein", {"Nachname": "Huber"}, "Verein/Huber/"),
        ("Dr. Fay Moreau", {"Vorname": "Dr."}, "Dr./Fay Moreau/"),
        ("Hans Peter Huber", {"Vorname": "Hans Peter"}, "Hans Peter/Huber/"),
        ("Groß", {"Nachname": "Groß"}, "/Groß/"),
    ],
)  # fmt: skip
def test_parts_of_a_name_stand_under_their_names(
    name: str, fields: dict[str, object], made: str
) -> None:
    text = "{{ Vorname }}/{{ Nachname }}/{{ all fields }}"
    blocks = f"{{% block subject %}}s{{% endblock %}}{{% block text %}}{text}{{% endblock %}}"
    item = cast("Any", {"title": "t", "fields": fields})
    template = Template("t", blocks)
    assert template.fields == []
    to = Mailbox(name, "a@example.org")
    assert template.render(values_of(item, 1, to)).text == made + "\n"


PAIRS = """
    Eva | Bank | Liebe(r) Eva Bank,
    Émile | Maier, geb. Huber | Liebe(r) Émile Maier, geb. Huber,
    Don | Del Monte | Liebe(r) Don Del Monte,
    Phil | de Boer | Liebe(r) Phil de Boer,
    Dr. Anna | Maier | Liebe(r) Dr. Anna Maier,
    J. | Smith | Liebe(r) J. Smith,
    Pastor | Lind | Liebe(r) Pastor Lind,
    Ma | Earl | Liebe(r) Ma Earl,
    Thomas | Thomas | Liebe(r) Thomas Thomas,
    Hans Peter | Stadt | Liebe(r) Hans Peter Stadt,
    Eva und Hans | Lang & Co | Liebe(r) Eva und Hans Lang & Co,
    Frau | Netz | Liebe(r) Frau Netz,
    太郎 | 山田 | Liebe(r) 太郎 山田,
    | Groß | Liebe(r) Groß,
    Eva | | Liebe(r) Eva,
    | | Liebe(r),
"""


@pytest.mark.parametrize("line", PAIRS.strip().splitlines())
def test_the_cells_of_first_and_last_name_are_written_as_they_are(line: str) -> None:
    first, last, made = (part.strip() for part in line.split("|"))
    mapping = {"Vorname": "first_name", "Nachname": "name", "E-Mail": "email"}
    row = RowMapper([*mapping], mapping, Wording(), (), {}).item_of(
        2, [first, last, "a@example.org"]
    )
    assert row is not None
    assert greeted(row["item"]) == made


@pytest.mark.parametrize("name", ["Frau Netz", "Groß", "Dr. Huber", "山田 太郎", "Eva & Jan Lang"])
def test_a_whole_name_is_written_once_where_both_of_its_parts_stand(name: str) -> None:
    item: Any = {"recipient": {"name": name, "email": "a@example.org"}}
    assert greeted(item) == f"Liebe(r) {name},"


@pytest.mark.parametrize(
    ("fields", "kinds", "made"),
    [
        ({"Anrede": "Frau"}, {"Anrede": "text de"}, "Sehr geehrte Frau Berg"),
        ({"Anrede": "Herrn Dr."}, {"Anrede": "text de"}, "Sehr geehrter Herr Dr. Berg"),
        ({"Anrede": "?"}, {"Anrede": "text de"}, "Guten Tag Ada Berg"),
        ({}, {"Anrede": "text de"}, "Guten Tag Ada Berg"),
        ({"Anrede": "2 "}, {"Anrede": "text de 1=man&2=woman"}, "Sehr geehrte Frau Berg"),
        ({"Anrede": "3"}, {"Anrede": "text de 1=man&2=woman"}, "Guten Tag Ada Berg"),
        ({"Sex": "x", "Anrede": "Frau"}, {"Sex": "text de", "Anrede": "text de"},
         "Sehr geehrte Frau Berg"),
        ({"Anrede": "Frau"}, {}, "Hello Ada Berg"),
        ({"Salutation": "Ms"}, {"Salutation": "text en"}, "Ms"),
        ({}, {"Salutation": "text en"}, ""),
        ({"Salutation": "Dear Ada"}, {}, "Dear Ada"),
    ],
)  # fmt: skip
def test_a_salutation_is_told_by_its_column_and_else_neutral(
    fields: dict[str, str], kinds: dict[str, str], made: str
) -> None:
    item: NewItem = {"recipient": ADA_BERG, "fields": fields, "reading": {"kinds": kinds}}
    values = values_of(item, 1, Mailbox("Ada Berg", "ada@example.org"))
    text = "{% block subject %}s{% endblock %}{% block text %}{{ salutation }}{% endblock %}"
    assert Template("t", text).render(values).text.strip() == made
    values = values_of({"fields": fields}, 1, Mailbox("", "ada@example.org"))
    assert values["salutation"] == fields.get("Salutation", "Hello")


@pytest.mark.parametrize(
    ("columns", "text", "made"),
    [
        ({"Name": "name", "Vorname": "first_name"}, "{{ Vorname }} {{ Name }}", "Ada Berg"),
        ({"Name": "name", "Vorname": "first_name"}, "{{ name }}", "Ada Berg"),
        ({"NAME": "name", "Vorname": "first_name"}, "{{ NAME }}, {{ Name }}", "Berg, Ada Berg"),
        ({"Name": "name"}, "{{ Name }}", "Ada Berg"),
        ({"name": "name", "first_name": "first_name"}, "{{ name }}", "Ada Berg"),
        ({"Title": "fields.Title 2"}, "{{ Title }}|{{ title }}", "Chair|Party"),
        ({"title": "fields.title 2"}, "{{ title }}", "Party"),
    ],
)
def test_a_name_written_exactly_as_a_heading_is_its_column(
    columns: dict[str, str | None], text: str, made: str
) -> None:
    item: NewItem = {"recipient": {**ADA_BERG, "last_name": "Berg"}, "title": "Party"}
    item["fields"] = {"Title 2": "Chair"}
    item["headings"] = headings_of(columns)
    values = values_of(item, 1, Mailbox("Ada Berg", "ada@example.org"))
    blocks = f"{{% block subject %}}s{{% endblock %}}{{% block text %}}{text}{{% endblock %}}"
    assert Template("t", blocks).render(values).text.strip() == made


def test_the_columns_beside_a_name_are_in_the_name_and_the_salutation(mailer: Mailer) -> None:
    item: NewItem = {
        "recipient": {**ADA_BERG, "name": "Ada van der Berg", "last_name": "van der Berg"},
        "fields": {"Aanhef": "Frau", "Tussenvoegsel": "van der", "Titel": "Dr."},
        "reading": {"kinds": {"Aanhef": "text de"}},
    }
    text = (
        "{{ name }}|{{ Titel }} {{ name }}|{{ first_name }} {{ Tussenvoegsel }} {{ last_name }}"
        "|{{ salutation }}"
    )
    blocks = f"{{% block subject %}}s{{% endblock %}}{{% block text %}}{text}{{% endblock %}}"
    to = mailer.recipient(item)
    assert to.name == "Dr. Ada van der Berg"
    assert Template("t", blocks).render(values_of(item, 1, to)).text.strip().split("|") == [
        *["Dr. Ada van der Berg"] * 2,
        "Ada van der Berg",
        "Sehr geehrte Frau Dr. van der Berg",
    ]


def greeted(item: NewItem) -> str:
    text = "Liebe(r) {{ Vorname }} {{ last_name }},"
    html = f"{{% block html %}}<b>{text}</b>{{% endblock %}}"
    blocks = f"{{% block subject %}}s{{% endblock %}}{{% block text %}}{text}{{% endblock %}}"
    to = item["recipient"]
    made = Template("t", blocks + html).render(
        values_of(item, 1, Mailbox(to.get("name", ""), to["email"]))
    )
    assert unescape(made.html).strip() == f"<b>{made.text.strip()}</b>"
    return made.text.strip()


def test_a_greeting_has_the_whole_name_as_it_is_spoken() -> None:
    for name, spoken in (("Meier, Eva", "Eva Meier"), ("Smith, Inc.", "Smith, Inc.")):
        values = values_of({"title": "t"}, 1, Mailbox(name, "a@example.org"))
        assert values["name"] == spoken


OWN = """---
attachments: {files}
---
{{% block subject %}}Fees{{% endblock %}}{{% block text %}}{words}{{% endblock %}}
{{% block html %}}{{% endblock %}}
"""
FEES: NewItem = {**ADA, "template": "fees", "batch_id": 3, "attachments": ["seats.pdf"]}


@pytest.fixture
def copied(folder: OfficeFolder, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Give the files of an item's message by name; they were written some time ago."""
    monkeypatch.setattr(safe_files, "QUIET", WITHIN)
    own = folder.templates / "attachments" / "fees" / "plan.pdf"
    row = folder.batches / "3" / "attachments" / "seats.pdf"
    template = folder.templates / "fees.jinja"
    for file, text in (
        (template, OWN.format(files="plan.pdf", words="x")),
        (own, "aa"),
        (row, "bb"),
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        rest(file)
    return {file.name: file for file in (template, own, row)}


def rest(file: Path) -> None:
    moment = time.time() - 2 * WITHIN
    os.utime(file, (moment, moment))


def made(mailer: Mailer) -> bytes:
    with mailer.whole_files(FEES):
        template = mailer.template_of(FEES)
        return mailer.compose(FEES, 1, mailer.new_message_id(), template).source


NAMES = ["fees.jinja", "plan.pdf", "seats.pdf"]


@pytest.mark.parametrize("name", NAMES)
def test_a_message_is_made_only_once_each_of_its_files_rests(
    mailer: Mailer, copied: dict[str, Path], name: str
) -> None:
    assert b"plan.pdf" in made(mailer)
    file = copied[name]
    file.write_bytes(file.read_bytes()[:-1])
    for _ in range(2):
        with pytest.raises(BeingWritten, match=f"“{name}” is being written"):
            made(mailer)
    rest(file)
    if name != "fees.jinja":
        assert b"plan.pdf" in made(mailer)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("is_late", [False, True])
def test_what_is_written_while_a_message_is_made_is_noticed(
    mailer: Mailer, copied: dict[str, Path], name: str, is_late: bool
) -> None:
    file = copied[name]
    content = file.read_bytes()
    with pytest.raises(BeingWritten), mailer.whole_files(FEES):  # noqa: PT012 - that is the block
        message = mailer.compose(FEES, 1, mailer.new_message_id())
        assert message
        file.write_bytes(content)  # with the same size
        if is_late:
            rest(file)


def test_half_a_template_is_no_bad_template(mailer: Mailer, copied: dict[str, Path]) -> None:
    template = copied["fees.jinja"]
    with pytest.raises(BeingWritten), mailer.whole_files(FEES):  # noqa: PT012 - that is the block
        template.write_text("{% block subj")
        mailer.template_of(FEES)
    rest(template)
    with pytest.raises(BadTemplate):
        made(mailer)


def test_half_a_template_that_is_written_at_the_first_look_is_no_bad_one(
    mailer: Mailer, copied: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    template, get = copied["fees.jinja"], mailer.templates.get

    def get_half(name: str) -> Template:
        template.write_text("{% block subj")
        return get(name)

    monkeypatch.setattr(mailer.templates, "get", get_half)
    with pytest.raises(BeingWritten):
        made(mailer)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_missing_for_a_moment_is_waited_for(
    mailer: Mailer, copied: dict[str, Path], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Some editors remove a file before they write it again."""
    aside = copied[name].rename(copied[name].with_name("aside"))
    with pytest.raises(BeingWritten, match=f"“{name}” is missing, or being replaced"):
        made(mailer)
    aside.rename(copied[name])
    assert b"plan.pdf" in made(mailer)
    copied[name].unlink()
    monkeypatch.setattr(safe_files, "QUIET", 0.0)  # a second later
    with pytest.raises(BadTemplate if name == "fees.jinja" else MissingAttachment):
        made(mailer)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are POSIX's")
@pytest.mark.parametrize("name", NAMES)
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(
    mailer: Mailer, copied: dict[str, Path], name: str
) -> None:
    copied[name].unlink()
    os.mkfifo(copied[name])
    rest(copied[name])
    with pytest.raises(BadTemplate, match=r"it is not a file|is missing"):
        made(mailer)


@pytest.fixture
def replaced(folder: OfficeFolder, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a template of the person's own in place of the built-in one."""
    monkeypatch.setattr(safe_files, "QUIET", WITHIN)
    file = folder.templates / "confirmation.jinja"
    file.write_text(OWN.format(files="", words="My own words"))
    rest(file)
    return file


def words_of(mailer: Mailer) -> str:
    with mailer.whole_files(ADA):
        return mailer.compose(ADA, 1, mailer.new_message_id()).text


def test_no_built_in_template_takes_the_place_of_ones_own_by_itself(
    folder: OfficeFolder, replaced: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailer = open_mailer(MailSettings(), FolderFiles(folder.root))
    assert "My own words" in words_of(mailer)
    aside = replaced.rename(replaced.with_name("aside"))
    with pytest.raises(BeingWritten, match=r"is missing, or being replaced"):
        words_of(mailer)
    monkeypatch.setattr(safe_files, "QUIET", 0.0)  # a second later
    with pytest.raises(BadTemplate, match=r"Your template “confirmation” is gone"):
        words_of(mailer)
    aside.rename(replaced)
    assert "My own words" in words_of(mailer)
    replaced.unlink()
    mailer.templates.delete("confirmation")
    assert "Hello Ada" in words_of(mailer)


def test_a_template_of_ones_own_is_waited_for_before_it_was_ever_used(
    mailer: Mailer, replaced: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced.unlink()
    with pytest.raises(BeingWritten):
        words_of(mailer)
    monkeypatch.setattr(safe_files, "QUIET", 0.0)  # the program itself may be new, too
    assert "Hello Ada" in words_of(mailer)


MIB = 1024 * 1024


def nothing() -> None:
    """Check nothing."""


def raising() -> None:
    raise InterruptedError


@pytest.fixture
def large(folder: OfficeFolder) -> NewItem:
    """An item whose attachment is large."""
    place = BatchFiles(FolderFiles(folder.batches)).place_for(3, "plan.pdf")
    place.write_bytes(bytes(LARGE + 1))
    return {**ADA, "batch_id": 3, "attachments": ["plan.pdf"]}


def test_few_large_messages_are_on_their_way_at_a_time(mailer: Mailer, large: NewItem) -> None:
    lock, now, most = threading.Lock(), [0], [0]

    def send(_: int) -> None:
        with mailer.room_for(large, mailer.template_of(large), nothing):
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            with lock:
                now[0] -= 1

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(send, range(200)))
    assert now == [0]
    assert 0 < most[0] <= LARGE_AT_ONCE


def test_a_large_message_that_waits_can_be_cancelled(
    mailer: Mailer, large: NewItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_AGAIN", 0.001)
    template, looks = mailer.template_of(ADA), iter([nothing, nothing, raising])
    with ExitStack() as held:
        for _ in range(LARGE_AT_ONCE):
            held.enter_context(mailer.room_for(large, template, raising))
        with mailer.room_for(ADA, template, raising):
            pass  # small ones never wait
        with (
            pytest.raises(InterruptedError),
            mailer.room_for(large, template, lambda: next(looks)()),
        ):
            pytest.fail("there is no place")
    with mailer.room_for(large, template, raising):
        pass


LETTER = "{% block subject %}s{% endblock %}{% block text %}t{% endblock %}"
HEAD = "---\nsender: Desk <desk@example.org>\ncc: al@example.org\nbcc: archive@example.org\n---\n"


def test_a_template_says_who_its_message_is_from_and_who_else_gets_it(mailer: Mailer) -> None:
    letter = Template("letter", HEAD + LETTER)
    item: NewItem = {**ADA, "cc": "Al@example.org, bo@example.org", "bcc": "cy@example.org"}
    message = mailer.compose(item, 42, mailer.new_message_id(), letter)
    assert (str(message.sender), message.envelope_from) == (
        "Desk <desk@example.org>", "desk@example.org",
    )  # fmt: skip
    assert message.cc == ("al@example.org", "bo@example.org")
    assert message.bcc == ("archive@example.org", "cy@example.org")
    test = mailer.compose(item, 42, mailer.new_message_id(), letter, Mailbox("", "me@example.org"))
    assert (test.to.address, test.cc, test.bcc) == ("me@example.org", (), ())


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "dot"])
def test_a_refused_sender_of_a_template_is_about_the_template(
    folder: OfficeFolder, step: str
) -> None:
    with running() as server:
        server.faults_once[step] = "554 5.2.252 SendAsDenied: not allowed to send as desk"
        mailer = open_mailer(
            server.settings(user="ada"), FolderFiles(folder.root), lambda: "pässword"
        )
        own, other = Template("own", LETTER), Template("other", HEAD + LETTER)
        message = mailer.compose(ADA, 42, mailer.new_message_id(), other)
        with pytest.raises(BadTemplate, match="template has this sender: Desk <desk@"):
            mailer.send(message, lambda: None, lambda _: None)
        mailer.send(mailer.compose(ADA, 42, mailer.new_message_id(), own), lambda: None, print)
        mailer.close()
    assert server.mails[-1].mail_from == "box@example.org"
