"""The engine as a program uses it.

``engine`` is the façade. Its verbs are in ``accept_tasks`` (new tasks and items) and
``change_tasks`` (existing tasks, items and queues); ``batches`` and ``schedules`` have their own.
``add_task`` has the types of adding a task. ``measures`` and ``leaving_times`` compute figures,
``moving`` moves a folder's tasks to a server, ``opening`` opens the store, and ``running_engine``
builds the parts and stops them in order.
"""
