"""A record day on one small server: honest reports at a given rate, photos and junk beside them, everything counted."""
