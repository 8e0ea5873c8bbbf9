"""The engine as a program uses it.

``engine`` is the whole: ``accepting`` has its verbs for what is new, ``handling`` those for what
was accepted before and for schedules, ``batching`` those of batches; ``adding`` types how tasks are
added; ``measures`` is what a monitor asks; ``opening`` picks the store, and ``running_engine``
joins the parts and takes them apart in order.
"""
