"""The exit kit: everything of a city in open formats, for the city itself or whoever comes after WeGO."""
