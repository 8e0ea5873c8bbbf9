"""An app that keeps its tasks in a database."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from desktop.client.api import Api
from desktop.client.errors import BackendGone
from desktop.engine.store.errors import StoreError
from desktop.settings.lock_file import is_held
from desktop.settings.paths import DataFolder
from tests.engine.fastapi.app import App
from tests.engine.lanes.tasks import returns
from tests.engine.processes.looking import later
from tests.looking import backend_of

done = Event()


@pytest.mark.anyio
@pytest.mark.usefixtures("app_alone")
async def test_the_process_that_runs_the_tasks_has_their_monitor(url: str, tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "monitor")
    apps = [App(url, monitor=True, data_dir=data.root) for _ in range(2)]

    def sees(number: int) -> str:
        api = Api(backend_of(data))
        try:
            return str(api.task(number)["state"])
        except BackendGone:
            return "gone"
        finally:
            api.close()

    first, second = (app.started() for app in apps)
    await first.__aenter__()
    async with second:
        number = await apps[1].engine.add_task_async(returns, 1)
        await later(lambda: sees(number) == "succeeded")
        seen = backend_of(data)
        await first.__aexit__(None, None, None)
        await later(lambda: sees(number) == "succeeded")
        assert backend_of(data) != seen
    assert data.waits_for_backend
    assert not data.db.exists()
    assert not is_held(data.backend_lock)
    data.db.touch()
    with pytest.raises(StoreError, match="another data_dir"):
        async with App(url, monitor=True, data_dir=data.root).started():
            pass
