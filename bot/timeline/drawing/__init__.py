"""Pictures made beside the event loop, in processes that may die without harm."""
