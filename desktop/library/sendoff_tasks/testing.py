"""Test tools for an app with durable tasks: nothing runs by itself, and nothing is kept.

Once this module is imported, each app that starts has a temporary data folder, and its tasks run
only on demand. ``run_all(app)`` runs the queued tasks in the calling thread. ``inline(app)`` runs
tasks when their request ends, as ``BackgroundTasks`` would. Neither needs a lifespan. The fixtures
of the same names do this for one test only.
"""

from desktop.engine.testing import inline, run_all, stand_in

stand_in()

__all__ = ["inline", "run_all"]
