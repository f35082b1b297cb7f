"""The made-up city of `cps demo`: complaints with a past, officials to sign in as, pictures.

The same seed, moment and city give the same lives.
"""

from cps.console.demonstration.generation import generate

__all__ = ["generate"]
