"""What can be run.

Read ``spec`` (what ``@task`` says), ``registry`` (functions by name), ``eligibility`` (what a
function must be), ``options`` (their types), ``source`` (where it lives), ``arguments`` and
``models`` (its arguments as JSON), ``backoff`` (when it is tried again).
"""
