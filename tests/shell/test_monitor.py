"""``monitor``: where the page of the tasks is, also while nothing runs them."""

from __future__ import annotations

import socket
from pathlib import Path

import httpx

from sendoff_tasks.folder.paths import DataFolder
from sendoff_tasks.http.page.mounted import MARK
from tests import WITHIN, forked
from tests.engine.survival.shop_process import open_shop
from tests.looking import backend_of


def test_monitor_tells_where_the_page_is_while_the_app_runs_and_shows_a_copy_afterwards(
    tmp_path: Path,
) -> None:
    data = DataFolder(tmp_path / "data")
    asked = ["monitor", "--data-dir", str(data.root)]
    assert forked.run(asked).returncode == 1
    with open_shop(tmp_path) as shop:
        shop.post("/items/3")
        assert shop.said() == "receipt 3"
        told = forked.run(asked).stdout
        assert f"{backend_of(data).url}/monitor/" in told
        assert backend_of(data).token not in told, "it is for a terminal"
        shop.process.terminate()
        shop.process.wait(WITHIN)
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = forked.run([*asked, "--port", str(other.getsockname()[1])])
    assert taken.returncode == 1
    assert "is taken by another program" in taken.stderr
    showing = forked.start(asked)
    assert showing.stdout is not None
    assert showing.stdin is not None
    with showing.stdin, showing.stdout as lines:
        next(lines)
        address = next(lines).decode().split()[1]
        assert "<noscript>" in httpx.get(address, trust_env=False).text
        me = httpx.get(f"{address}api/me", headers={MARK: "1"}, trust_env=False).json()
        assert (me["right"], me["token"]) == ("none", True)
        with open_shop(tmp_path):
            assert backend_of(data).url not in address, "the app starts beside it"
        showing.terminate()
        assert showing.wait(WITHIN) == 0
