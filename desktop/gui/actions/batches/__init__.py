"""What a person's actions do with batches on their way.

``batch_verbs`` fills their view and hears what is asked there. ``batch_grace`` carries out what can
be undone first, ``batch_reports`` saves reports, ``left_out_rows`` shows the rows that stayed
behind.
"""
