"""Templates are indented for people; browsers need none of it, and citizens pay for every byte."""

import re

from jinja2.ext import Extension

_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class Unindented(Extension):
    """Take the indentation out of a template before it is compiled; its values and its lines stay as they are."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002 - Jinja's signature
        """Return the source with every line at the margin."""
        return _INDENTATION.sub("", source)
