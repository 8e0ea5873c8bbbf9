"""Signing in to a provider that takes no password from programs, from the top down.

- ``account``: the account that sends, and a sign-in under way
- ``tokens``: the access token that a transport sends with each message
- ``signing_in``: waits for a person's answer, from a browser (``loopback``) or another device
- ``kept``: the sign-in in the keyring or a file
- ``client``: asks an issuer for tokens; ``issuers`` are the two that there are
"""
