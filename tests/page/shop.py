"""The app whose tasks the browser sees."""

from __future__ import annotations

import datetime as dt
import os
import threading
from enum import Enum
from pathlib import Path
from typing import Annotated, Final

from fastapi import FastAPI
from pydantic import Field

from sendoff_tasks import (
    DurableTasks,
    GiveUp,
    NeedsPerson,
    RetryLater,
    Right,
    TaskContext,
    Uncertain,
    install,
    monitor,
    task,
)
from sendoff_tasks.functions.backoff import Retry

FOLDER: Final = Path(os.environ["SHOP_FOLDER"])
MARKUP: Final = "<img src=x onerror=document.title='ran'>"

app = FastAPI(title="shop")
engine = install(app, data_dir=FOLDER / "data")
app.mount("/tasks", monitor(engine, allow=lambda: (Right.RUN, "ana")))
app.mount("/act", monitor(engine, allow=lambda: Right.ACT))
app.mount("/look", monitor(engine, allow=lambda: Right.LOOK))
app.mount("/closed", monitor(engine))
app.mount("/staff", monitor(engine, allow=lambda: "look" if (FOLDER / "staff").exists() else None))


@task(queue="mail")
def send_receipt(order_id: int) -> int:
    return order_id


@task(retry=Retry(attempts=1))
def make_invoice(order_id: int, note: str) -> None:
    if not (FOLDER / "mended").exists():
        raise KeyError(note)


@task(queue="cards")
def charge_card(order_id: int) -> None:
    raise Uncertain(f"no answer for {order_id}")


@task(queue="images")
def resize(photo_id: int, ctx: TaskContext) -> None:
    ctx.progress(1, 4)
    ctx.log(MARKUP)
    while True:
        ctx.check_cancelled()
        threading.Event().wait(0.02)


@task(queue="held")
def hold() -> None:
    if not (FOLDER / "mended").exists():
        raise NeedsPerson("the account is closed \u202etxt", queue=True)


@task(queue="bank")
def book(order_id: int, *, for_person: bool) -> None:
    if (FOLDER / "mended").exists():
        return
    raise NeedsPerson("no rate is set") if for_person else RetryLater("it is closed", after=3600)


@task(cron="0 3 * * *", timezone="UTC")
def nightly_report() -> None:
    pass


@task(cron="30 6 * * mon-fri")
def weekly_digest() -> None:
    pass


@task(cron="0 3 1-7 * sun")
def first_sunday() -> None:
    pass


class Shape(Enum):
    PDF = "pdf"
    CSV = "csv"


@task
def write_report(
    day: dt.date,
    pages: Annotated[int, Field(ge=1, le=9, description="From 1 to 9.")] = 2,
    shape: Shape = Shape.CSV,
    lines: list[str] | None = None,
    at: dt.datetime | None = None,
    *,
    is_draft: bool = False,
    password: str = "",
) -> str:
    """Write the report of a day.

    Its lines are those that are given.
    """
    return f"{day} {pages} {shape.value} {lines} {at} {is_draft} {len(password)}"


@app.post("/reports")
def report(tasks: DurableTasks) -> None:
    tasks.add_task(write_report, dt.date(2026, 3, 1), pages=3, password="hunter2")


@app.post("/receipts/{first}/{count}")
def receipts(first: int, count: int, tasks: DurableTasks) -> None:
    for number in range(first, first + count):
        tasks.add_task(send_receipt, number)


@app.post("/invoices/{number}")
def invoice(number: int, tasks: DurableTasks) -> None:
    tasks.add_task(make_invoice, order_id=number, note=MARKUP)


@app.post("/receipts/{number}")
def receipt(number: int, tasks: DurableTasks) -> None:
    tasks.add_task(send_receipt, number)


@app.post("/held")
def held(tasks: DurableTasks) -> None:
    tasks.add_task(hold)


@app.post("/bookings/{number}/{for_person}")
def booking(number: int, for_person: bool, tasks: DurableTasks) -> None:
    tasks.add_task(book, number, for_person=for_person)


@app.post("/plans/{number}")
def plan(number: int, tasks: DurableTasks) -> None:
    tasks.options(delay=25 * 3600).add_task(send_receipt, number)


@task(retry=Retry(attempts=1))
def send_letter(name: str) -> None:
    said = f"550 5.1.1 <{name}@example.org>: User unknown"
    raise GiveUp(f"127.0.0.1 refused the recipient: {said}", server="127.0.0.1", said=said)


@app.post("/letters/{name}")
def letter(name: str, tasks: DurableTasks) -> None:
    tasks.add_task(send_letter, name)


@app.post("/cards/{number}")
def card(number: int, tasks: DurableTasks) -> None:
    tasks.add_task(charge_card, number)


@app.post("/photos/{number}")
def photo(number: int, tasks: DurableTasks) -> None:
    tasks.add_task(resize, number)
