"""Actions on batches that were started.

``batch_verbs`` fills the view and handles its signals; what can be undone waits in the backend, as
actions on tasks do (``tasks.task_verbs``). ``batch_reports`` saves reports, ``batch_tasks`` shows
tasks in the table, ``left_out_rows`` rows without a message. ``batch_calls`` are the blocking
calls.
"""
