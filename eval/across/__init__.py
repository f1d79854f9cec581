"""What the abilities beyond one span are worth: each on a set of its own, left out and put in, tested in pairs."""
