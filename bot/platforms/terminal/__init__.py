"""The terminal: a chat that needs no account, and the same answers in a pipe."""
