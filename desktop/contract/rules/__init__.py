"""What typed text, addresses, rates and template names may be; window and API ask the same.

``corrections`` keep what was typed into a row beside what was read there.
"""
