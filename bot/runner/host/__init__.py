"""The asyncio side of the sandbox: what the bot does for its runs."""
