"""One attempt of a task.

Read ``claim`` (what an attempt is given), ``attempt`` (how it runs), ``context`` (what the function
sees), ``control`` (cancel, timeout, point of no return) and ``outcomes`` (how it can end).
"""
