"""Runs scenarios on other machines: fronts ask, workers run, NATS carries it."""
