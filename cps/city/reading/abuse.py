"""`[abuse]` in `report.toml`: words that are masked, and when a report is set aside or a reporter limited."""

from collections.abc import Callable
from typing import Final

from cps.city.abuse import Abuse
from cps.city.phrases import Phrases
from cps.city.reading.sections import Section

# The least and the most of each number; 0 switches a rule off.
_NUMBERS: Final = {
    "repeats": (0, 50),
    "hours": (1, 168),
    "threshold": (0, 50),
    "flags": (0, 50),
    "days": (1, 90),
    "a_day": (0, 50),
}


def abuse_from(section: Section, phrases: Callable[[Section, str], Phrases]) -> Abuse:
    """Read what a city does about abuse, noting what is wrong; `phrases` reads words by language."""
    section.only((*_NUMBERS, "insults", "spam"))
    usual = Abuse()
    numbers = {
        name: section.whole(name, least=least, most=most) if name in section.values else getattr(usual, name)
        for name, (least, most) in _NUMBERS.items()
    }
    if numbers["repeats"] == 1:
        section.fault("Once is no repeat: 'repeats' is 2 or more, or 0 for never.", "repeats")
    return Abuse(insults=phrases(section, "insults"), spam=phrases(section, "spam"), **numbers)
