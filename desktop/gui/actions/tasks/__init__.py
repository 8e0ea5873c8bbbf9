"""Actions on tasks, causes and queues.

``task_wishes`` receives each action and passes it on. ``task_verbs`` announces and carries out,
with ``announced`` (a pending action), ``many_tasks`` (progress and result), ``tried_again`` (the
outcome of a retry), ``sending_again`` and ``task_calls`` (the blocking calls). ``asked_first`` asks
before, ``task_questions``, ``corrections`` and ``running`` open their sheets. ``cause_verbs`` and
``pausing`` act on causes and queues, ``link_following`` follows links.
"""
