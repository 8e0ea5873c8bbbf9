"""What typed text, addresses, rates and template names may be; window and API ask the same."""
