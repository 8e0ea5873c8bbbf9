"""The functions that can be run as tasks.

Read ``spec`` (what ``@task`` says), ``registry`` (functions by name), ``eligibility`` (checks of a
function and its options), ``source`` (where it is defined), ``worker_functions`` (functions that
only workers have), ``arguments`` (typed JSON), ``classes`` (arguments of the user's own classes),
``titles`` (titles made from arguments), ``variables`` (context variables that travel with a task),
``backoff`` (attempts and waits) and ``schedule`` (due times).
"""
