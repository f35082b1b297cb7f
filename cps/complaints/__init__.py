"""The core: a complaint, its verbs, its history, its queries."""
