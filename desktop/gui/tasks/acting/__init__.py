"""Actions on tasks.

``task_actions`` tells which there are, ``action_buttons`` and ``task_menu`` offer them;
``looking_ahead`` asks the backend what they would do, and ``selected_tasks`` counts several tasks.
``task_verbs`` asks the backend, tells of what waits there and undoes it: ``pending_actions``.
``tried_again`` tells the outcome of a retry, ``asked_first`` asks before.
"""
