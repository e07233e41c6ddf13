"""Where asyncio and threading are hooked to record a run. Standard library only."""
