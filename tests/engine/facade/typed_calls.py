"""Calls that a type checker takes, and calls that it refuses: there an ``ignore`` is needed.

Strict mypy reads this with everything else; an ``ignore`` that is not needed is an error to it.
"""

from __future__ import annotations

from typing import assert_type

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from sendoff_tasks import (
    CURRENT,
    DurableTasks,
    Retry,
    TaskContext,
    TaskRef,
    install,
    status_router,
    task,
)

app = FastAPI()
engine = install(app, data_dir="data")
app.include_router(status_router(), prefix="/jobs")


@task(retry=Retry(3, on=(OSError,), never=(KeyError,)))
def send(order: int, note: str = "", ctx: TaskContext = CURRENT) -> None:
    ctx.log(note)


def make(order: int, kind: str, ctx: TaskContext) -> bytes:
    return b""


async def tell(name: str) -> None: ...


def seven(a: int, b: int, c: int, d: int, e: int, f: int, g: str, ctx: TaskContext) -> None: ...


async def fetch(url: str) -> list[str]:
    return [url]


async def post(url: str, ctx: TaskContext) -> int:
    return ctx.attempt


@app.post("/{order}")
async def place(order: int, background_tasks: DurableTasks) -> dict[str, str]:
    made = background_tasks.add_task(make, order, "pdf")
    ref = background_tasks.options(after=made, key=f"mail {order}", delay=3).add_task(send, order)
    background_tasks.options(parallel=True).add_task(tell, name="Ada")
    number: int = (await engine.add_task_async(tell, "Ada")).number
    await engine.add_task_async(make, 7, "pdf")
    engine.add_task(seven, 1, 2, 3, 4, 5, 6, "7")
    engine.options(delay=60).add_task(send, order, note="x")
    await engine.options(delay=60).add_task_async(tell, "Ada")
    engine.add_tasks(tell, [("Ada",), ("Bo",)])
    engine.options(delay=60).add_tasks(tell, [("Ada",)])
    engine.add_tasks(make, [(1, "pdf"), (2, "pdf")])
    engine.add_tasks(send, [(1,), (2,)])
    assert_type(engine.add_task(make, 7, "pdf"), TaskRef[bytes])
    assert_type(await (await engine.add_task_async(post, "/")).result(), int)
    engine.options(after=engine.add_task(tell, "Ada")).add_task(tell, "Bo")
    assert_type(ref.token, str)
    assert_type(await made.result(timeout=10), bytes)
    assert_type(await background_tasks.add_task(fetch, "/").result(), list[str])
    assert_type(await background_tasks.options(delay=1).add_task(post, "/").result(), int)
    assert_type(background_tasks.add_task(tell, "Ada"), TaskRef[None])
    again = TaskRef(engine, number)
    words: TaskRef[str] = TaskRef(engine, number)
    assert_type(await words.result(), str)
    JSONResponse({}, background=background_tasks)
    return {"job": ref.token, "later": again.token}


async def refused(background_tasks: DurableTasks) -> str:
    wrong = background_tasks.add_task(fetch, "/")
    background_tasks.add_task(send, "7")  # type: ignore[arg-type]
    background_tasks.add_task(send)  # type: ignore[arg-type, call-arg]
    background_tasks.add_task(make, 7, 8)  # type: ignore[arg-type, call-arg]
    background_tasks.options(priority=1).add_task(tell, nam="Ada")  # type: ignore[call-overload]
    background_tasks.options(dely=1)  # type: ignore[call-arg]
    engine.add_task(tell, 7)  # type: ignore[arg-type]
    engine.task(engine.add_task(tell, "Ada"))  # type: ignore[arg-type]
    engine.add_tasks(tell, [(7,)])  # type: ignore[arg-type]
    engine.add_tasks(make, [(7, 8)])  # type: ignore[arg-type]
    engine.options(delay=1).add_tasks(tell, ["Ada"])  # type: ignore[list-item]
    engine.options(delay=1).add_task_async(tell, 7)  # type: ignore[arg-type]
    return await wrong.result()  # type: ignore[return-value]
