"""Tasks that end in each way."""

import time
from pathlib import Path

from sendoff_tasks import GiveUp, NeedsPerson, TaskContext, Uncertain, task


@task(name="done")
def done(item_id: int) -> str:
    """Leave a line, so it can be counted how often this ran."""
    with (Path(__file__).parents[1] / "marks").open("a") as file:
        file.write(f"{item_id}\n")
    return "done"


@task(name="wait")
def wait(item_id: int, ctx: TaskContext) -> None:
    """Go on until asked to stop, the first time."""
    while ctx.attempt == 1:
        ctx.check_cancelled()
        time.sleep(0.01)


@task(name="refused")
def refused(item_id: int) -> None:
    """Fail at once."""
    raise GiveUp("There is no such seat.")


@task(name="held")
def held(item_id: int) -> None:
    """Wait for a person."""
    raise NeedsPerson("Say which seat.")


@task(name="unsure")
def unsure(item_id: int) -> None:
    """Leave open whether it happened."""
    raise Uncertain("No answer came.")
