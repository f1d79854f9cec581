"""Longer answers: the sentence or two that explain, with the words that the reader chose marked inside."""
