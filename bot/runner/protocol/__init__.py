"""What crosses the border between the bot and a run; both sides read it. Standard library only."""
