"""Chat platforms: each translates its events into Asks and Replies into its messages."""
