"""Moves tasks from queued to running, and to their next state when an attempt ends.

Read ``claimer`` (which tasks may start now, and which starts next) and ``after_attempt`` (the state
of a task after an attempt, and the cause of a failure).
"""
