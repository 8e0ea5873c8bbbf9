"""The summary of one task: what happened in words, the evidence, and the facts."""
