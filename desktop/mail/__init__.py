"""Confirmation e-mails: rendered from templates, built as MIME, handed to an outbox or a server.

Read ``mailer`` (from an item to a message), ``templates``, ``message`` and ``headers`` (the MIME),
then ``transport`` with its two ends: ``mail_folder`` (the outbox of practice mode) and ``smtp``.
``files`` says where templates, attachments and messages are kept, in a folder or a database.
``attached`` are files that go along, and ``bytes_in_flight`` how much of them is on its way at one
time.
"""
