"""What the course takes over from the notes that it began with, to the letter."""

FROM_THE_NOTES = frozenset({"sync", "await", "create_task", "gather", "thread"})
"""Scenarios whose lines and times are the notes' own, however long they are."""
