"""Actions on batches that were started.

``batch_verbs`` fills the view and handles its signals. ``batch_grace`` announces actions that can
be undone, and ``batch_stops`` pauses a batch while its cancel is pending. ``batch_calls`` makes the
calls, ``batch_reports`` saves reports, ``left_out_rows`` shows rows without a message.
"""
