"""The rules for texts, addresses, names, rates and template names, which window and API share.

``corrections`` keeps typed values of a row beside the values that were read.
"""
