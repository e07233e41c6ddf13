"""The runner: a scenario goes in, events come out. It knows no lesson and no platform."""
