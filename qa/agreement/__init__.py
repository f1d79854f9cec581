"""What all articles together say: one answer or several, from how many articles, of which years."""
