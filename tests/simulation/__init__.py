"""Deterministic simulation: the shipped engine on a disk, a clock and lanes that chance owns."""

from desktop.cli import SENDOFF
from sendoff_tasks.model.program import PROGRAM

PROGRAM.runs_as(SENDOFF)  # as each process of the program
