"""What the real engine lives through: kill -9, floods, a full disk, another version of its app."""
