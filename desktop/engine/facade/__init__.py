"""The engine as a program uses it.

``engine`` is the whole: ``accepting`` has its verbs for what is new, ``handling`` those for what
was accepted before, ``batching`` and ``scheduling`` those of batches and schedules; ``adding``
types how tasks are added; ``measures`` is what a monitor asks; ``running_engine`` joins the parts
and takes them apart in order.
"""
