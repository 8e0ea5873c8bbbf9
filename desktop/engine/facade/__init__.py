"""The engine as a program uses it.

``engine`` is the whole: ``accept_tasks`` has its verbs for new tasks and items, ``change_tasks``
those for what was accepted before and for queues, ``batches`` and ``schedules`` their own;
``add_task`` types how a task is added; ``measures`` is what a monitor asks; ``opening`` picks the
store, and ``running_engine`` joins the parts and takes them apart in order.
"""
