"""Actions on tasks.

``task_actions`` tells which there are, and asks the backend what they would do;
``offered_actions`` offers them, ``asked_first`` asks before. ``task_verbs`` has them wait in the
backend (``pending_actions``) and undoes them, ``action_news`` hears what becomes of them,
``action_reports`` says it, and ``tried_again`` what came of tasks that were tried again.
"""
