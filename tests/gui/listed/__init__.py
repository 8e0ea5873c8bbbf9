"""Tests of the room of the list *Do not send*, and of returned e-mails."""
