"""The entry point of ``python -m desktop``, of ``sendoff`` and of the frozen program."""

import sys


def main() -> int:
    """Run the command line; return the exit status 0, 1 (failed) or 2 (usage)."""
    from desktop.builds import REPLACED_WORDS, fits_parent
    from sendoff_tasks.folder.backend_addresses import PROGRAM_REPLACED

    if not fits_parent():
        sys.stderr.write(f"{REPLACED_WORDS}\n")
        return PROGRAM_REPLACED
    if hasattr(sys, "frozen"):  # must come first: a frozen program's workers start here as well
        from multiprocessing import freeze_support

        freeze_support()
    from desktop.cli import SENDOFF, run
    from sendoff_tasks.model.program import PROGRAM

    PROGRAM.runs_as(SENDOFF)
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
