"""Actions on tasks, causes and queues.

``task_wishes`` receives each action and passes it on. ``task_verbs`` asks the backend, tells of
what waits there and undoes it; ``announced`` is one such action, ``tried_again`` the outcome of a
retry. ``asked_first`` asks before, ``task_questions``, ``corrections`` and ``running`` open their
sheets. ``cause_verbs`` and ``pausing`` act on causes and queues, ``link_following`` follows links.
"""
