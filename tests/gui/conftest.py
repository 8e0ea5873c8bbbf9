"""What tests of widgets share: a theme, settings that end with the test, and the whole window."""

from __future__ import annotations

import asyncio
import gc
import inspect
from functools import partial
from typing import TYPE_CHECKING, Any, cast
from unittest.mock import patch

import pytest
import qasync
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.client import supervisor
from desktop.gui.frame import input as window_input
from desktop.gui.frame import notes as notes_of_window
from desktop.gui.frame.notes import NoteLine
from desktop.gui.frame.starts import StartTimes
from desktop.gui.kit.look.appearance import LOOK, ThemeSource
from desktop.gui.kit.look.theme import Scheme, Theme
from desktop.gui.link.jobs import ApiSource
from desktop.gui.tasks.acting.pending_actions import Delivery, PendingActions
from desktop.gui.tasks.table.task_model import TaskModel
from desktop.settings.office_folder import OfficeFolder
from desktop.settings.preferences import Settings, WindowSettings
from tests import forked
from tests.client.conftest import answering
from tests.conftest import PatientBot, usual_font
from tests.gui.counter import counter
from tests.gui.locales import in_locale
from tests.gui.play import perform as perform_in_window
from tests.gui.whole_window import SIZE, make_window
from tests.settings.saved import save

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.client.api import Api
    from desktop.gui.assembly import AppWindow
    from desktop.gui.link.jobs import Jobs
    from tests.gui.live_store import LiveStore
    from tests.gui.play import Perform

__all__ = ["answering", "counter"]


@pytest.fixture(autouse=True)
def _keys_are_released(qapp: QApplication) -> Iterator[None]:
    """Release what a test has pressed: with Shift held, ``selectRow`` selects nothing.

    A double click of ``QTest`` leaves its button pressed, and no column is measured meanwhile.
    As in the program, the end of a window is not that of the application: a loop that runs in the
    next test would be stopped by it.
    """
    qapp.setQuitOnLastWindowClosed(False)
    yield
    if qapp.keyboardModifiers() or qapp.mouseButtons():
        QTest.mouseClick(QWidget(), Qt.MouseButton.LeftButton)
    assert not qapp.keyboardModifiers()
    assert not qapp.mouseButtons()


@pytest.fixture(autouse=True, scope="session")
def _steps_are_whole() -> Iterator[None]:
    """Let a step of a scene end first when Qt's events are handled within it.

    asyncio refuses to enter a task within another one, and the task would never go on.
    """
    run = qasync._SimpleTimer.timerEvent

    def run_between(timer: Any, event: Any) -> None:
        try:
            is_in_step = asyncio.current_task() is not None
        except RuntimeError:  # no loop runs
            is_in_step = False
        if not is_in_step:
            run(timer, event)  # else the timer comes again

    with patch.object(qasync._SimpleTimer, "timerEvent", run_between):
        yield


@pytest.fixture(autouse=True, scope="session")
def _clipboard_is_left_empty() -> Iterator[None]:
    """Take rows back that were copied: Qt frees them after Python, and offscreen that crashes."""
    yield
    if QApplication.instance() is not None:
        QApplication.clipboard().clear()


@pytest.fixture
def place(request: pytest.FixtureRequest) -> Iterator[str]:
    """Be where the parameter, a locale's name, says; for ``indirect`` parameters."""
    with in_locale(request.param):
        yield request.param


@pytest.fixture
def host(qtbot: QtBot) -> Iterator[QWidget]:
    """Give a window for what stands on one; it is shown and has the keyboard."""
    made = QWidget()
    made.resize(900, 600)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have notes that do not count down while a test looks at them."""
    monkeypatch.setattr(notes_of_window, "SECOND_MS", 3_600_000)


@pytest.fixture(autouse=True)
def _clicks_count_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take clicks also just after a bar has moved the table: a test aims at what is there."""
    monkeypatch.setattr(window_input, "SETTLES_MS", 0)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Function) -> Generator[None, object, object]:
    """Collect when all is over, as the window does: on a job's thread widgets must not end.

    No fixture can do this: pytest itself holds what fixtures gave until the test's last teardown
    is over, and what is let go of after the collection is left to any thread. What is still there
    then stays, so later collections leave it out. The next test begins with a bare application
    in the usual font: under a style sheet, putting a window together takes six times as long.
    What the test has closed ends here and not in the next one, where each change of style would go
    through its hundreds of widgets once more. So does what no window takes along: a button whose
    menu a closure holds, a theme that the application owns. After hundreds of windows, a change of
    style went through a thousand such buttons and took a second.
    """
    if "qapp" not in item.fixturenames:
        return (yield)
    gc.disable()
    try:
        return (yield)
    finally:
        _delete_what_is_left()
        gc.collect()
        gc.freeze()
        gc.enable()
        app = cast("QApplication", QApplication.instance())
        app.setStyleSheet("")
        app.setFont(usual_font())
        LOOK.apply(Theme(Scheme.LIGHT))


def _delete_what_is_left() -> None:
    """Delete what was closed, and what has no window that takes it along; forget what is gone."""
    app = cast("QApplication", QApplication.instance())
    alone = [each for each in app.topLevelWidgets() if each.parent() is None]
    for each in (*alone, *app.findChildren(ThemeSource)):
        each.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for gone in [each for each in LOOK._followers if not shiboken6.isValid(each)]:
        del LOOK._followers[gone]  # each theme goes through them all


class Dressing:
    """Dresses the application once the first widget of a test is put together, as the program does.

    Under a style sheet that takes twice as long: Qt polishes a widget again at each new parent.
    """

    def __init__(self) -> None:
        self.themes: ThemeSource | None = None

    def apply_theme(self) -> None:
        """Set the style sheet, if a test wants it and has not done so itself."""
        themes, self.themes = self.themes, None
        if themes is not None and not cast("QApplication", QApplication.instance()).styleSheet():
            themes.apply_theme()


_DRESSING = Dressing()


class DressingBot(PatientBot):
    """One whose widgets are dressed as soon as it is given the first."""

    def addWidget(self, widget: QWidget, **options: Any) -> None:  # noqa: N802 - its name
        super().addWidget(widget, **options)
        _DRESSING.apply_theme()


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """Drive widgets, which are put together before they are dressed."""
    return DressingBot(request)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Function) -> None:
    """Dress the application where a sheet was put together on its host, or no bot is given any."""
    if "qtbot" not in item.fixturenames or QApplication.topLevelWidgets():
        _DRESSING.apply_theme()
        QApplication.processEvents()


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    """Give the ini file of a data folder of the test's own."""
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def themes(qapp: QApplication, settings: QSettings) -> Iterator[ThemeSource]:
    """Dress the application; the light scheme, even on a dark machine."""
    source = _DRESSING.themes = ThemeSource(qapp, settings)
    yield source
    _DRESSING.themes = None
    source.deleteLater()


@pytest.fixture
def undressed(qapp: QApplication, themes: ThemeSource) -> ThemeSource:
    """Leave the style sheet to who puts a whole window together."""
    _DRESSING.themes = None
    qapp.setStyleSheet("")
    return themes


def is_dressed(request: pytest.FixtureRequest) -> bool:
    """Tell whether a test wants its whole window in the style sheet: it takes a third longer."""
    return request.node.get_closest_marker("dressed") is not None


@pytest.fixture
def asked(jobs: Jobs) -> ApiSource:
    """Give what ``window`` asks: no backend, until a test puts one there."""
    return ApiSource(jobs)


@pytest.fixture
def window(
    qtbot: QtBot,
    undressed: ThemeSource,
    settings: QSettings,
    jobs: Jobs,
    asked: ApiSource,
    request: pytest.FixtureRequest,
) -> Iterator[AppWindow]:
    """Give the whole window, shown and active, without a backend; see :func:`is_dressed`."""
    made = make_window(
        model := TaskModel(asked, PendingActions(Delivery())), asked, undressed, settings
    )
    if is_dressed(request):
        undressed.apply_theme()
    qtbot.addWidget(made, before_close_func=lambda shown: shown.closing.ask())
    made.resize(*SIZE)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.tray.hide()
    model.deleteLater()  # what it is connected to holds the window


@pytest.fixture
def window_over(
    qtbot: QtBot,
    undressed: ThemeSource,
    settings: QSettings,
    jobs: Jobs,
    request: pytest.FixtureRequest,
) -> Iterator[Callable[[object], AppWindow]]:
    """Show the whole window over what answers as a backend does, with its rows."""
    models: list[TaskModel] = []

    def show(answering: object) -> AppWindow:
        source = ApiSource(jobs, cast("Api", answering))
        models.append(model := TaskModel(source, PendingActions(Delivery())))
        made = make_window(model, source, undressed, settings)
        if is_dressed(request):
            undressed.apply_theme()
        qtbot.addWidget(made, before_close_func=lambda shown: shown.closing.ask())
        made.resize(*SIZE)
        with qtbot.waitSignal(model.shown):
            made.show()
        qtbot.waitUntil(made.isActiveWindow)
        return made

    yield show
    for model in models:
        model.deleteLater()  # as above


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LiveStore]:
    """Give a store with tasks in several states, batches and causes.

    It is asked for before the window, whose jobs end before it is closed.
    """
    from tests.gui.live_store import filled

    with filled(tmp_path / "store.db") as store:
        yield store


@pytest.fixture
def saved(sheet: Any) -> list[dict[str, Any]]:
    """What the ``sheet`` of a test asks to be saved."""
    seen: list[dict[str, Any]] = []
    sheet.save_requested.connect(seen.append)
    return seen


@pytest.fixture
def starts(host: QWidget) -> StartTimes:
    """Know of nothing that is paused or on hold."""
    return StartTimes(host)


@pytest.fixture
def notes(host: QWidget, themes: ThemeSource, starts: StartTimes) -> NoteLine:
    """Give the note line of a window without anything else."""
    made = NoteLine(starts)
    made.line.setParent(host)
    height = made.line.height()
    made.line.setGeometry(0, host.height() - height, host.width(), height)
    made.line.show()
    return made


@pytest.fixture
def data(tmp_path: Path, request: pytest.FixtureRequest) -> OfficeFolder:
    """Give a data folder in which items go out at once, with the ``own_tasks`` of the test."""
    folder = OfficeFolder(tmp_path / "data")
    folder.create()
    at_once = Settings(window=WindowSettings(grace_seconds=0.0))
    save(folder.settings_file, at_once)
    for mark in request.node.iter_markers("own_tasks"):
        (folder.tasks / "own.py").write_text(mark.args[0])
    return folder


@pytest.fixture
def perform(
    qapp: QApplication,
    data: OfficeFolder,
    monkeypatch: pytest.MonkeyPatch,
    forked_readers: None,
    request: pytest.FixtureRequest,
) -> Perform:
    """Run scenes in the real program; each call has a start and an end of its own."""
    monkeypatch.setattr(supervisor, "spawn", forked.spawn)
    return partial(perform_in_window, app=qapp, data=data, dressed=is_dressed(request))


@pytest.fixture
def play(perform: Perform) -> Perform:
    """The running program of a test that is a coroutine; ``pytest_pyfunc_call`` hands it over."""
    return perform


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that is a coroutine as the one scene of ``perform``."""
    scene = pyfuncitem.obj
    if not inspect.iscoroutinefunction(scene):
        return None
    wanted = inspect.signature(scene).parameters
    given: dict[str, Any] = {name: pyfuncitem.funcargs[name] for name in wanted}
    run = given.pop("play")
    run(lambda play: scene(play=play, **given))
    return True
