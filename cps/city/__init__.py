"""What a city is: departments, categories, areas, calendar, and the profile that says so."""
