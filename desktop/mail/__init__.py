"""Confirmation e-mails: rendered from templates, built as MIME, handed to an outbox or a server.

Read ``mailer`` (from an item to a message), ``templates``, ``message`` and ``headers`` (the MIME),
then ``transport`` with its two ends: ``mail_folder`` (the outbox of practice mode) and ``smtp``.
``attached`` are files, and ``bytes_in_flight`` how much of them is on its way at one time.
"""
