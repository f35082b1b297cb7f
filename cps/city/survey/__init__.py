"""From what WeGO staff write down on the spot to a city's profile: the form, its answers, what is assumed, the files."""
