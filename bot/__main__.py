"""`python -m bot` is `tutor`."""

from bot.cli import main

if __name__ == "__main__":
    main()
