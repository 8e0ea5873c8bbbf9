"""Actions on batches that were started.

``batch_verbs`` fills the view and handles its signals. ``batch_grace`` announces actions that can
be undone, and ``batch_stops`` pauses a batch while its cancel is pending. ``acting_on_batches``
acts on several and says the outcome once, ``batch_reports`` saves reports, ``batch_tasks`` shows
tasks in the table, ``left_out_rows`` rows without a message. ``batch_calls`` are the blocking
calls.
"""
