"""How the reader was made: a recipe that anyone can run, never imported by the product."""
