"""The types that the window and the backend share; they import nothing of ours but each other.

Read ``states`` (with the one table of transitions), ``tasks``, ``items`` and ``batches``, then
``reasons`` (why a task is in its state) and ``causes`` (what failures have in common). ``filters``
select tasks, ``queues`` limit them, ``settings`` are what a person has set, ``events`` tell of
changes. ``rules`` check typed input; ``problems`` are the answers to refused requests.
"""
