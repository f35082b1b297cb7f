"""How well the city does: measures with one definition each, and the figures it shows to everybody."""
