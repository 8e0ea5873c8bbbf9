"""What there has to be before a store is opened on a database."""
