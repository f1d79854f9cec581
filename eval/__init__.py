"""How good the answers are: every stage, every error, every claim with its uncertainty."""
