"""``sendoff doctor`` on real files."""
