"""The engine as a program uses it.

``engine`` is the façade; ``batches`` and ``schedules`` have verbs of their own.
``add_task`` has the types of adding a task. ``measures`` and ``leaving_times`` compute figures,
``moving`` moves a folder's tasks to a server, ``opening`` opens the store, and ``running_engine``
builds the parts and stops them in order.
"""
