"""Tests of ``desktop/mail/smtp``."""
