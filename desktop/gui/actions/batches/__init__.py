"""What a person's actions do with batches on their way.

``batch_verbs`` fills their view and hears what is asked there. ``batch_grace`` announces what can
be undone first; ``batch_stops`` lets nothing leave that is about to be cancelled. ``batch_reports``
saves reports, ``left_out_rows`` shows the rows that were left out.
"""
