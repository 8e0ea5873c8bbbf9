"""Moves tasks from queued to running, and to their next state when an attempt ends.

Read ``claimer`` (which tasks may start now), ``next_task`` (which of them starts next) and
``after_attempt`` (the state of a task after an attempt, and the cause of a failure), which uses
``uncertain`` (why a task is uncertain).
"""
