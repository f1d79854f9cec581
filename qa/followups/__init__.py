"""Questions that lean on an earlier one, made to stand alone by rules over that question's words and its answer."""
