"""The time a question asks for, the time a figure belongs to, and whether the two are the same."""
