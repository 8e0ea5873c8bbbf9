"""``sendoff doctor``: looks at all that Sendoff stands on, and says what to do."""
