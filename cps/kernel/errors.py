"""What can go wrong in a way a person should hear about, each with a translatable sentence.

The edge turns them into a page once: `Refused` 409, `NotFound` 404, `Invalid` 422. `Unusable` is
for the operator: the console prints its sentence and leaves with exit code 1.
"""

from collections.abc import Mapping

from cps.kernel.text import Text, _


class Told(Exception):
    """An error with a sentence for people."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class Refused(Told):
    """The thing cannot be done as it stands now."""

    @property
    def for_officials(self) -> Text:
        """The sentence as officials read it, where the office has other words for it."""
        return self.sentence


class Forbidden(Refused):
    """The thing may be done, but not by this person; that they tried is written down."""


class NotFound(Told):
    """There is no such thing, or none this person may see."""

    def __init__(self, sentence: Text | None = None) -> None:
        super().__init__(sentence or _("We could not find this page."))


class Invalid(Told):
    """What was handed in has faults; `faults` names the field of each."""

    def __init__(self, faults: Mapping[str, Text]) -> None:
        super().__init__(next(iter(faults.values())))
        self.faults = dict(faults)


class Unusable(Exception):
    """The machine, its settings or its files do not allow the program to run; says why in one sentence."""
