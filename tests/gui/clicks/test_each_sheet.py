"""Each button of the sheets is clicked in the real program and does what it says.

A button without a line in these tables fails, as does a line whose button is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from PySide6.QtGui import QDesktopServices, QGuiApplication

from tests.gui.clicks.walks import POPUP, Leads, Place, names, shown, shut, the, walk

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Perform, Play

    Show = Callable[[Play], Awaitable[object]]

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

TASKS: Final = """
from pydantic import BaseModel
from sendoff_tasks import task

class Office(BaseModel):
    city: str = "Bonn"

@task(title="Report")
def report(pages: int = 1, loud: bool = False, office: Office | None = None) -> str:
    return "written"

@task(title="Digest", every="1 h")
def digest() -> str:
    return "sent"
"""


def place(name: str, ask: Callable[[Play], object], **lines: Leads) -> Place:
    words = {key.replace("_", " "): line for key, line in lines.items()}
    return Place(shown(name, ask), lambda play: the(play, name), words)


# Mail settings

MAIL = "MailSettingsSheet"


def mail(play: Play) -> Any:
    return play.window.mail.sheet


def security(name: str, port: str) -> Leads:
    return Leads(
        lambda play: (mail(play).form.security.value(), mail(play).form.port.text()) == (name, port)
    )


def change_sender(play: Play) -> None:
    mail(play).form.sent_from.set_text("Other <other@example.org>")
    mail(play).form.edited.emit()


async def ask_about_mail(play: Play) -> None:
    await shown(MAIL, lambda play: mail(play).open())(play)
    if mail(play).question.isHidden():
        change_sender(play)
        mail(play).close()


MAIL_PLACE: Final = Place(
    shown(MAIL, lambda play: mail(play).open()),
    mail,
    {
        "Send a test": Leads(
            lambda play: "settings are saved" in mail(play).result.text(),
            lambda play: mail(play).test_to.set_text("me@example.org"),
        ),
        "Real sending": Leads(lambda play: mail(play).form.server.isVisible()),
        "Limits": Leads(lambda play: mail(play).form.limits.isVisible()),
        "None": security("none", "25"),
        "TLS": security("tls", "465"),
        "STARTTLS": security("starttls", "587"),
        "Practice": Leads(lambda play: mail(play).form.practice_to.isVisible()),
        "Save": shut(MAIL),
        "Close": shut(MAIL),
    },
)
MAIL_ASKED: Final = Place(
    ask_about_mail,
    lambda play: mail(play).question,
    {
        "Keep editing": Leads(lambda play: mail(play).question.isHidden()),
        "Discard": shut(MAIL),
        "Save": shut(MAIL),
    },
)

# Help, about, the preview, schedules, tasks to run


def folder(name: str) -> Leads:
    """Return that a folder is opened."""
    return Leads(lambda play: play.window.property("opened") == name)


ABOUT: Final = Place(
    shown("AboutSheet", lambda play: play.program.rooms.frame.help.open_about()),
    lambda play: the(play, "AboutSheet"),
    {
        "Data": folder("data"),
        "Own tasks": folder("tasks"),
        "Templates": folder("templates"),
        "Outbox": folder("outbox"),
        "Logs": folder("logs"),
        "Copy for a bug report": Leads(
            lambda _: "Sendoff" in QGuiApplication.clipboard().text(),
            lambda _: QGuiApplication.clipboard().clear(),
        ),
        "Close": shut("AboutSheet"),
    },
)
HELP: Final = place(
    "HelpSheet", lambda play: play.program.rooms.frame.help.open_help(), Close=shut("HelpSheet")
)
SCHEDULES: Final = place(
    "SchedulesSheet",
    lambda play: play.program.rooms.run.open_schedules(),
    Run_Digest_now=Leads(lambda play: any(row.title == "Digest" for row in rows(play))),
    Pause_Digest=Leads(lambda play: "Resume Digest" in names(the(play, "SchedulesSheet"))),
    Resume_Digest=Leads(lambda play: "Pause Digest" in names(the(play, "SchedulesSheet"))),
    Close=shut("SchedulesSheet"),
)


def rows(play: Play) -> list[Any]:
    return list(play.model.rows_between(0, play.model.rowCount() - 1))


def run_sheet(play: Play) -> Any:
    return play.program.rooms.run.running.sheet


def editor(play: Play, name: str) -> Any:
    return run_sheet(play).form.editors[name]


async def run_report(play: Play) -> None:
    play.program.rooms.run.running.open()
    await play.until(lambda: "report" in run_sheet(play).functions)
    if run_sheet(play)._shown is None:
        run_sheet(play).show_function("report")


RUN_LIST: Final = place(
    "RunSheet",
    lambda play: play.program.rooms.run.running.open(),
    Close=shut("RunSheet"),
)
RUN: Final = Place(
    run_report,
    run_sheet,
    {
        "Loud": Leads(lambda play: editor(play, "loud").place.isChecked()),
        "Set “Office”": Leads(lambda play: editor(play, "office").switch.isChecked()),
        "Run later…": Leads(lambda play: run_sheet(play).run_at.moment()),
        "Calendar": POPUP,
        "Remove the time": Leads(lambda play: not run_sheet(play).run_at.moment()),
        "All tasks": Leads(lambda play: run_sheet(play).list.isVisible()),
        "Run": Leads(lambda play: any(row.title.startswith("Report") for row in rows(play))),
        "Close": shut("RunSheet"),
    },
)


@pytest.fixture
def places(data: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have tasks of one's own."""
    (data.tasks / "own.py").write_text(TASKS)


@pytest.mark.usefixtures("places")
def test_settings_help_schedules_and_runs(
    perform: Perform, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(play: Play) -> None:
        def note(url: Any) -> bool:
            return play.window.setProperty("opened", url.fileName())

        monkeypatch.setattr(QDesktopServices, "openUrl", note)
        play.window.resize(1500, 900)
        for each in (MAIL_PLACE, MAIL_ASKED, ABOUT, HELP, SCHEDULES, RUN_LIST, RUN):
            await walk(play, each)

    perform(scene)
