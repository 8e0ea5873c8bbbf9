"""The data of requests and answers about items, batches and e-mails.

What they may hold, and what the backend answers that ``contract``, which the window shares, does
not have.
"""
