"""The entry point of ``python -m desktop``, of ``sendoff`` and of the frozen program."""

import sys


def main() -> int:
    """Run the command line; return the exit status 0, 1 (failed) or 2 (usage)."""
    if hasattr(sys, "frozen"):  # must come first: a frozen program's workers start here as well
        from multiprocessing import freeze_support

        freeze_support()
    from desktop.cli import SENDOFF, run
    from sendoff_tasks.model.program import PROGRAM

    PROGRAM.runs_as(SENDOFF)
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
