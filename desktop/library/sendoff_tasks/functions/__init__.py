"""The functions that can be run as tasks.

Read ``spec`` (what ``@task`` says), ``registry`` (functions by name, also those in all modules of
an app), ``eligibility`` (checks of a function and its options), ``source`` (where it is defined),
``worker_offer`` (what workers can run, also functions that only they have), ``arguments`` (typed
JSON, also for context variables), ``classes`` (arguments of the user's own classes), ``backoff``
(attempts and waits), ``schedule`` (due times), ``lifespan`` (what they share in a process) and
``awaiting`` (an app's ``async def``, called by plain code).
"""
