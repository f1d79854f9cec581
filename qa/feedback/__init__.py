"""What people say of answers, kept beside the index and given out as an evaluation set."""
