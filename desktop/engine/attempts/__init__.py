"""One attempt of a task.

Read ``claim`` (what an attempt is given), ``attempt`` (how it runs), ``context`` (what the function
sees), ``control`` (cancel, timeout, point of no return), ``outcomes`` (how it can end) and
``handover`` (what was handed over past its point of no return).
"""
