"""Signing in to a provider that takes no password from programs.

- ``tokens``: the access token that a transport sends with each message
"""
