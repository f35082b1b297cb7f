"""The cases that every official of a demo finds: told by the very verbs of the desk, after lives were made up.

Where lives are many and by chance, these are few and certain: one of each thing that an official may have to do.
"""

from cps.console.demonstration.cases.telling import follow_up, tell

__all__ = ["follow_up", "tell"]
