"""Tying an answer to its question where the article names the two in different sentences."""
