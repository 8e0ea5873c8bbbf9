"""Stops that run out of time: what was cut short is given back, not suspected."""

from __future__ import annotations

import signal
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

from desktop.engine.facade.engine import Engine
from desktop.engine.functions.registry import Registry
from tests.engine.survival.shop_process import Shop, open_shop
from tests.engine.survival.test_kill import read_stopping
from tests.looking import eventually


def stop_with_a_request_open(shop: Shop, database: Path) -> None:
    """Ask the process to end while a request is open, then kill it, as container hosts do."""
    with closing(HTTPConnection("127.0.0.1", shop.client.base_url.port)) as request:
        request.request("GET", "/poll")
        shop.client.get("/")  # by now the other request is open
        shop.process.send_signal(signal.SIGTERM)
        eventually(lambda: read_stopping(database))
        shop.process.kill()
        shop.process.wait()


def test_three_stops_during_a_long_request_hold_no_task(tmp_path: Path) -> None:
    database = tmp_path / "data/sendoff.db"
    for attempt in range(4):
        with open_shop(tmp_path) as shop:
            if not attempt:
                shop.post("/waits")
            assert shop.said() == "waiting"
            if attempt < 3:
                stop_with_a_request_open(shop, database)
    engine = Engine(database, Registry(), lanes=False)
    engine.start()
    history = engine.task(1)["history"]
    engine.stop()
    assert [each["outcome"] for each in history] == ["given back"] * 3 + ["crashed"]
