"""Texts that the whole window shares.

``table`` translates the tables of words: see ``sendoff_tasks.words``. ``task_row`` is a task as the
window reads it; ``states``, ``reasons`` (with causes), ``queues`` and
``verbs`` say what it does, why, and what can be done. ``ages``, ``plurals``, ``addresses``,
``servers`` and ``file_faults`` word what belongs to no task.
"""
