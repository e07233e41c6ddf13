"""What operators see of the bot at work: figures, without knowing who collects them."""
