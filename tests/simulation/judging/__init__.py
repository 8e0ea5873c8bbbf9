"""Who looks on from outside, remembers, and says which promise was broken."""
