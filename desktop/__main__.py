"""The one way in: ``python -m desktop``, ``sendoff``, and the frozen program."""

import sys


def main() -> int:
    """Run the command line; returns the exit status 0, 1 (failed) or 2 (usage)."""
    if hasattr(sys, "frozen"):  # first of all: there a spawned worker starts here too
        from multiprocessing import freeze_support

        freeze_support()
    from desktop.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
