"""What runs inside the sandbox, around the learner's code. Standard library only."""
