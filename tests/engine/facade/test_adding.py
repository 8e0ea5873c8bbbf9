"""Calls are checked by a type checker, and options where they are given."""

from __future__ import annotations

import math
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from desktop.engine.facade.adding import AddOptions, TakesOptions

SAMPLE = """
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from sendoff_tasks import CURRENT, DurableTasks, Retry, TaskContext, install, status_router, task

app = FastAPI()
engine = install(app, data_dir="data")
app.include_router(status_router(), prefix="/jobs")


@task(retry=Retry(3, on=(OSError,), never=(KeyError,)))
def send(order: int, note: str = "", ctx: TaskContext = CURRENT) -> None:
    ctx.log(note)


def make(order: int, kind: str, ctx: TaskContext) -> bytes:
    return b""


async def tell(name: str) -> None: ...


@app.post("/{order}")
async def place(order: int, background_tasks: DurableTasks) -> dict[str, str]:
    made = background_tasks.add_task(make, order, "pdf")
    ref = background_tasks.options(after=made, key=f"mail {order}", delay=3).add_task(send, order)
    background_tasks.options(parallel=True).add_task(tell, name="Ada")
    number: int = await engine.add_task_async(tell, "Ada")
    engine.options(delay=60).add_task(send, order, note="x")
    await engine.options(delay=60).add_task_async(tell, "Ada")
    JSONResponse({}, background=background_tasks)
    return {"job": ref.token, "later": engine.token_of(number).result()}


def wrong(background_tasks: DurableTasks) -> None:
    background_tasks.add_task(send, "7")
    background_tasks.add_task(send)
    background_tasks.add_task(make, 7, 8)
    background_tasks.options(priority=1).add_task(tell, nam="Ada")
    background_tasks.options(dely=1)
    engine.add_task(tell, 7)
    engine.options(delay=1).add_task_async(tell, 7)
    reveal_type(background_tasks.add_task(tell, "Ada").token)
"""


def test_mypy_refuses_wrong_arguments_and_nothing_else(tmp_path: Path) -> None:
    sample = tmp_path / "sample.py"
    sample.write_text(SAMPLE)
    root = Path(__file__).parents[2]
    (tmp_path / "mypy.ini").write_text(
        f"[mypy]\nstrict = True\nmypy_path = {root}:{root / 'desktop/library'}\n"
        "follow_imports = silent\nexplicit_package_bases = True\n"
    )
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(root / ".mypy_cache"), sample.name]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    told = [line.split(":", 3) for line in done.stdout.splitlines() if line.startswith("sample.py")]
    lines = SAMPLE.splitlines()
    first = lines.index("def wrong(background_tasks: DurableTasks) -> None:")
    errors = sorted({int(line) for _, line, kind, _ in told if kind.strip() == "error"})
    assert errors == [first + 2 + n for n in range(7)], done.stdout + done.stderr
    assert 'Revealed type is "str"' in done.stdout


NOW = 1_800_000_000.0


class Told(TakesOptions[AddOptions]):
    def _with(self, wanted: AddOptions) -> AddOptions:
        return wanted

    def now(self) -> float:
        return NOW


NAIVE = datetime(2026, 7, 1, tzinfo=UTC).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("options", "error", "why"),
    [
        ({"delay": -1}, ValueError, "delay must be 0 s or more, got -1"),
        ({"delay": math.nan}, ValueError, "delay must be 0 s or more, got nan"),
        ({"delay": "5"}, TypeError, "delay must be a number, got '5'"),
        ({"run_at": "noon"}, TypeError, "run_at must be a number, got 'noon'"),
        (
            {"run_at": NAIVE},
            TypeError,
            "run_at must have a time zone, got datetime",
        ),
        ({"deadline": 0}, TypeError, "deadline must be more than 0"),
        ({"priority": 1.5}, TypeError, "priority must be a whole number"),
        ({"key": " "}, ValueError, "a key is 1 to 200 printable characters"),
        ({"after": "17"}, TypeError, "after, where it is no task .* must be a whole number"),
    ],
)
def test_an_option_that_cannot_be_is_refused(
    options: dict[str, Any], error: type[Exception], why: str
) -> None:
    with pytest.raises(error, match=why):
        Told().options(**options)


def test_times_are_epoch_seconds() -> None:
    moment = datetime(2026, 7, 1, tzinfo=UTC)
    told = Told().options(run_at=moment, deadline=moment)
    assert told.run_at == told.deadline == moment.timestamp()
    assert Told().options(deadline=60).deadline == NOW + 60
