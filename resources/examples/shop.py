"""A ticket shop that loses no order, even in a crash.

Beside this file, it keeps its tasks in ``shop-data`` and writes tickets to ``shop-tickets``::

    python resources/examples/shop.py   # or: uvicorn --app-dir resources/examples shop:app
    curl -X POST "http://127.0.0.1:8000/orders/42?name=Ada&seats=20"
    sendoff --data-dir resources/examples/shop-data   # the window; `sendoff watch` in a shell

Kill it while it prints (``kill -9``) and start it again: the order continues. Kill it, rename
``print_tickets`` and start it: the task's row says what is missing. The order continues once the
function has its old name.
"""

import time
from pathlib import Path

import notifications
from fastapi import FastAPI

from sendoff_tasks import DurableTasks, Retry, TaskContext, exponential, install, task

TICKETS = Path(__file__).with_name("shop-tickets")

app = FastAPI(title="Ticket shop")
install(app, data_dir="shop-data")  # the engine starts and stops with the app
app.include_router(notifications.router)

SECONDS_A_SEAT = 0.5


@task(title="Tickets", retry=Retry(attempts=8, backoff=exponential(2, cap=3600)), timeout=600)
def print_tickets(order: int, name: str, seats: int, ctx: TaskContext) -> str:
    """Print a ticket for each seat, slowly enough to be watched, cancelled or killed."""
    for seat in range(1, seats + 1):
        ctx.check_cancelled()
        ctx.progress(seat, seats, f"seat {seat}")
        time.sleep(SECONDS_A_SEAT)
    TICKETS.mkdir(exist_ok=True)
    tickets = TICKETS / f"order-{order}.txt"
    tickets.write_text("".join(f"{name}, seat {seat}\n" for seat in range(1, seats + 1)))
    ctx.log(f"printed {seats} for {name}")
    return tickets.name


@app.post("/orders/{order}")
async def place_order(
    order: int, name: str, background_tasks: DurableTasks, seats: int = 1
) -> dict[str, int]:
    """Answer as soon as the order is on disk."""
    background_tasks.add_task(print_tickets, order, name, seats)
    return {"order": order}


if __name__ == "__main__":
    import uvicorn

    uvicorn.run("shop:app")  # by name: tasks are found by their module
