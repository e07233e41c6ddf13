"""The timeline: recorded events become lanes, and lanes become pictures."""
