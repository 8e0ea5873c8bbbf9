"""``sendoff pause`` and ``resume`` steer queues, and say since when."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from desktop.contract.reasons import Reason
from desktop.shell.commands.pause import still_held

if TYPE_CHECKING:
    from desktop.client.api import Api
    from desktop.contract.queues import Queue, QueueHold
    from tests.shell.conftest import Shell

SINCE = r"paused since \d\d:\d\d\.\n"


def paused(api: Api) -> set[str]:
    """Read which queues are paused."""
    return {queue["name"] for queue in api.queues() if queue["paused"]}


def test_all_are_paused_and_go_on(shell: Shell, api: Api) -> None:
    said = shell("pause")
    assert re.fullmatch(f"Everything has been {SINCE}", said.stdout), said
    assert paused(api) == {queue["name"] for queue in api.queues()}
    assert shell("resume").stdout == "No queue is paused.\n"
    assert paused(api) == set()


def test_one_is_paused_and_its_tasks_say_so(shell: Shell, api: Api) -> None:
    said = shell("pause", "mail")
    assert re.fullmatch(f"The queue mail has been {SINCE}", said.stdout), said
    shell("submit", "--to", "ada@example.org")
    assert re.search(rf"queued .* Pa{SINCE[2:]}", shell("tasks").stdout)
    assert shell("resume", "mail").stdout == "mail is not paused.\n"
    assert paused(api) == set()


def test_what_stays_on_hold_says_why_and_what_ends_it() -> None:
    held: QueueHold = {
        "since": "2026-09-21T13:33:20.000Z", "kind": Reason.QUEUE_HELD, "until": None,
        "is_trying": False, "reason": "535 wrong password", "action": None,
    }  # fmt: skip
    queue: Queue = {
        "name": "mail", "concurrency": None, "rate": None, "per_day": None, "paused": None,
        "held": held, "counts": {},
    }  # fmt: skip
    assert re.fullmatch(
        r"mail is still on hold since .*: 535 wrong password\. Fix the problem, then retry one "
        r"of its tasks \(`sendoff retry ID`\)\.",
        still_held(queue) or "",
    )
    held["action"] = "mail_settings"
    assert "then save the mail settings or retry" in (still_held(queue) or "")
    held["kind"], held["until"] = Reason.OFFLINE, "2026-09-21T13:33:21.000Z"
    assert re.match(
        "mail waits for its server since .* continues by itself", still_held(queue) or ""
    )


def test_an_unknown_queue_is_a_sentence_and_the_others_are_paused(shell: Shell, api: Api) -> None:
    said = shell("pause", "post", "mail")
    assert said.returncode == 1
    assert said.stderr == "There is no queue named “post”.\n"
    assert said.stdout.startswith("The queue mail has been paused since ")
    assert paused(api) == {"mail"}
