"""For authors: what is said of a lesson beyond whether it can be used."""
