"""The summary of one task: what happened in words, the evidence, and the facts.

``headline`` is its state in one line, ``explanation`` says why and what next, with ``waits`` for
what a task waits for, and ``evidence`` is for uncertain tasks.
"""
