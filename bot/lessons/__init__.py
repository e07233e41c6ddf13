"""Lessons: what is taught, what is run, and what is expected of the run."""
