"""Text from code, chats and files on its way to people."""
