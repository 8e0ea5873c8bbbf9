"""Actions on tasks.

``task_actions`` tells which there are, and asks the backend what they would do;
``offered_actions`` offers them. ``task_verbs`` asks for them, tells of what waits in the backend
and undoes it: ``pending_actions``. ``safety_questions`` asks before, ``retries`` tells what came of
tasks that were tried again.
"""
