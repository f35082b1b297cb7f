"""Whose it is: the department for a category at a place."""
