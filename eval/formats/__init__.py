"""The formats that a set of questions comes in; one module each."""
