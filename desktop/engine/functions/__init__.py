"""What can be run.

Read ``spec`` (what ``@task`` says), ``registry`` (functions by name), ``eligibility`` (what a
function and its options must be), ``source`` (where it lives), ``arguments`` (as JSON),
``classes`` (arguments of a person's own classes), ``titles`` (a task called by its arguments),
``variables`` (context that travels with a task), ``backoff`` (how often and when it is tried again)
and ``schedule`` (when it runs by itself).
"""
