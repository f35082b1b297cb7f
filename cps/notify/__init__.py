"""Tell people what happened to their complaint."""
