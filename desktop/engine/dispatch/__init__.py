"""Below the engine: how tasks that are ready reach the lanes.

``claimer`` knows which tasks may start now, ``next_task`` which of them does, ``after_attempt``
and ``after_failure`` say what becomes of a task when its attempt ends.
"""
