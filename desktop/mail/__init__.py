"""Confirmation e-mails: rendered from templates, built as MIME, sent to an outbox or a server.

- ``mailer``: makes and sends the message of an item; large ones share a room of memory
- ``templates``: the texts of messages
- ``message``: MIME
- ``transport``: the outbox, where messages are kept, or a server (``smtp``, ``http``)
- ``providers``: the known mail providers
- ``sign_in``: signing in where a provider takes no password
- ``files``: the files of templates, attachments and messages, in a folder or a database
"""
