"""Confirmation e-mails: rendered from templates, built as MIME, handed to an outbox or a server."""
