"""What confines a scenario: the kernel's means, prepared by the bot."""
