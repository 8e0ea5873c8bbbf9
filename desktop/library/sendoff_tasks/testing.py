"""Tests of an app with durable tasks: nothing runs by itself, and nothing is kept.

Once this module is imported, apps that start have a temporary folder in place of their own, and
their tasks run when the test says: ``run_all(app)`` runs what is queued, in the calling thread,
``inline(app)`` runs them as a request ends, as ``BackgroundTasks`` would. Neither needs a lifespan.
The fixtures of the same names do so for one test only.
"""

from desktop.engine.testing import inline, run_all, stand_in

stand_in()

__all__ = ["inline", "run_all"]
