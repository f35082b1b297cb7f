"""The words of letters: a city's own, and for what it leaves unsaid the default words that come with the program."""
