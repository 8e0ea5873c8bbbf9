"""Plays many histories and prints what came of them: ``python -m tests.simulation``."""

from __future__ import annotations

import argparse
import sys

from tests.simulation.draw import draw
from tests.simulation.mail_server.conversation import Conversation
from tests.simulation.report import explain, table
from tests.simulation.run import Result, run


def main(arguments: list[str]) -> int:
    """Play them; returns 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--histories", type=int, default=1_000, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of the first history")
    parser.add_argument(
        "--seconds", type=float, default=float("inf"), metavar="S", help="begin none after these"
    )
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes")
    parser.add_argument("--replay", type=int, metavar="SEED", help="play this one and explain it")
    parser.add_argument(
        "--mail", type=int, metavar="N", help="hold N conversations with a hostile mail server"
    )
    given = parser.parse_args(arguments)
    if given.replay is not None:
        broken = draw(given.replay).play()
        print(explain(given.replay, broken))
        return 1 if broken else 0
    if given.mail is not None:
        return _talk(run(given.seed, given.mail, given.jobs, given.seconds, Conversation))
    result = run(given.seed, given.histories, given.jobs, given.seconds)
    print(table(result), flush=True)
    for seed, broken in result.first_of_each():
        print(f"\n{explain(seed, broken)}", flush=True)
    return 1 if result.broken else 0


def _talk(result: Result) -> int:
    """Print what came of conversations, and one that broke each promise."""
    print(table(result), flush=True)
    for seed, broken in result.first_of_each():
        conversation = Conversation(seed)
        conversation.play()
        print(f"\nseed {seed}:\n{conversation}\n→ {broken}", flush=True)
    return 1 if result.broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
