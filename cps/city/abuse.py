"""What a city does about insults, spam and floods: its own words, and from where on a report is set aside by itself.

What is not said here stays as it is without it, but for one thing: the same long text again and again.
"""

from dataclasses import dataclass, field

from cps.city.phrases import Phrases


@dataclass(frozen=True, slots=True)
class Abuse:
    """What a city says about abuse.

    `insults`: masked wherever they are shown. `spam`: words of advertising. `repeats`: the same long text from one contact for
    so many times within `hours` is set aside; 0 is never. `threshold`: so many points are; 0 is never.
    `flags`: who sent so many reports within 30 days that officials marked as abusive can send `a_day` for `days` days; 0 is never.
    """

    insults: Phrases = field(default_factory=Phrases)
    spam: Phrases = field(default_factory=Phrases)
    repeats: int = 3
    hours: int = 24
    threshold: int = 0
    flags: int = 3
    days: int = 14
    a_day: int = 2

    @property
    def looks_back(self) -> bool:
        """Whether it matters what the same contact sent before."""
        return bool(self.repeats or self.threshold or self.flags)
