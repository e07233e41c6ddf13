"""asyncio-tutor: a chat bot that teaches asyncio by running it."""
