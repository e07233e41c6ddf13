"""The playground: the bot in a web page."""
