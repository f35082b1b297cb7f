"""Which kind of problem somebody probably means, from the words: learned from what the city decided itself."""
