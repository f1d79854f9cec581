"""Property tests of this room have no deadline: the first sentence cut imports a library that takes seconds."""

from hypothesis import settings

settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")
