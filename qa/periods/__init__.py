"""When: the stretches of time that a text names, with the place that names them."""
