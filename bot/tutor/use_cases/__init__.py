"""The steps of each request, from question to replies."""
