"""Moves tasks from queued to running, and to their next state when an attempt ends.

``claimer`` decides which tasks may start now, and ``next_task`` which of them starts next.
``after_attempt`` and ``after_failure`` decide what happens to a task when its attempt ends.
"""
