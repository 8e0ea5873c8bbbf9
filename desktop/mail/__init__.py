"""Confirmation e-mails: rendered from templates, built as MIME, sent to an outbox or a server.

- ``mailer``: makes and sends the message of an item
- ``templates``: the texts of messages
- ``message``, ``headers``, ``attached``: MIME
- ``transport``: the outbox (``mail_folder``), or a server (``smtp``)
- ``files``: the files of templates, attachments and messages, in a folder or a database
- ``batch_files``: the attachments of rows
- ``bytes_in_flight``: limits the bytes of attachments that are sent at the same time
"""
