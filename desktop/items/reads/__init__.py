"""Reads of batches: ``batches`` (a page, and one batch), then ``batch_rows`` (its rows)."""
