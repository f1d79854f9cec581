"""Answers that are lists: noticed in the question, completed in the article, each item in its place."""
