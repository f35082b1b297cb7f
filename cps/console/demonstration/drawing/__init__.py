"""Small flat illustrations of a street before and after the city was there, for the demo's photos."""
