"""Batches: the rows of a spreadsheet become items and tasks, step by step.

In the order of a batch's life: ``drafting`` sets it up, ``filling`` puts its rows into it,
``remembering`` finds what was typed into them before, ``comparing`` what was sent before,
``starting`` starts it, ``feeding`` is the duty that makes items of its rows as they may leave,
``counting`` follows its tasks, ``stopping`` pauses or cancels it, ``retrying`` runs again what
failed, ``undoing`` takes it back or deletes it.
``handing_in`` makes one row an item; ``identity`` says when two rows are the same; ``rows`` reads
and writes them. The façade is ``engine.facade.batches``.
"""
