"""The examples in the API's description: what is sent, and what comes back."""
