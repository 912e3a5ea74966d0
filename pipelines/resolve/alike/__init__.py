"""Whether two names may be one: persons, bodies, places, short forms, other scripts."""
