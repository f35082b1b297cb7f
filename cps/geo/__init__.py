"""Points, polygons and distances, in degrees WGS84 and metres."""
