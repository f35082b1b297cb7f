"""Migrations: careful with what is in use, both ways, and old code beside new."""
