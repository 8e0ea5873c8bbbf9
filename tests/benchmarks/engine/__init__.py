"""Benchmarks of the engine alone."""

from desktop.cli import SENDOFF
from sendoff_tasks.model.program import PROGRAM

PROGRAM.runs_as(SENDOFF)  # as each process of the program
