"""Test tools for an app with durable tasks: nothing runs by itself, and nothing is kept.

Once this module is imported, each app that starts has a temporary data folder, and its tasks run
only on demand. ``run_all(app)`` runs the queued tasks in the calling thread. ``inline(app)`` runs
tasks when their request ends, as ``BackgroundTasks`` would. ``assert_enqueued(app, func, …)`` fails
if no open task is this call. None of them needs a lifespan. The fixtures of the same names do this
for one test only.
"""

from sendoff_tasks.stand_ins import assert_enqueued, inline, run_all, stand_in

stand_in()

__all__ = ["assert_enqueued", "inline", "run_all"]
