"""The rules for typed input, which window and API share.

``corrections`` keeps typed values of a row beside the values that were read.
"""
