"""Messages over HTTPS, for accounts that sign in to their provider.

- ``services``: how each provider takes a message, and what its refusals mean
- ``transport``: hands messages over, one request each
- ``bounded``: sends a request, also one for a token, and reads its answer within bounds
"""
