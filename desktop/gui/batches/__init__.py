"""Batches: the rows of a spreadsheet that are sent together.

Read ``batch_words`` first: what a batch does now, in one table; ``batch_numbers`` count its rows,
and ``draft_words`` are the texts of a draft and its rows. ``batch_card`` shows one on the desk,
``spreadsheets`` lists them all, and ``batch_verbs`` carries out their actions and announces those
that can be undone. ``batch_rows`` are a batch's rows. ``batch_reports`` saves reports and the list.
"""
