"""How time passes in one made-up life, and who is at hand: by chance, and never beyond the present; pure."""

from random import Random

from cps.console.demonstration import wording
from cps.console.demonstration.arrivals import with_number
from cps.console.demonstration.office import DAY
from cps.console.demonstration.scene import Official
from cps.console.demonstration.state import Life
from cps.console.demonstration.wording.phrasebook import Phrasebook, Sentences

_FORGOTTEN = 0.012
_LATE = 0.1
_A_MOMENT = 180  # what an act at a desk takes at the least, seconds
_MORNING, _NIGHT = 7 * 3600, 22 * 3600


class NotYet(Exception):
    """The next thing happens after the present moment."""


class Pace:
    """The time of a life: a budget of office time, moments, days of waiting. `NotYet` ends it at the present."""

    def __init__(self, life: Life, random: Random) -> None:
        self.life = life
        self.random = random
        self.book: Phrasebook = wording.in_language(life.report.language)
        self.clock = life.scene.clock
        self.started_at = life.at
        self.budget = self._office_time_for(life, random)

    def _office_time_for(self, life: Life, random: Random) -> int:
        """Return the office time until the end, seconds: mostly within the promise."""
        promised = max(self.clock.worked(life.due_at) - self.clock.worked(life.at), 1800)
        kind = random.random()
        if kind < _FORGOTTEN:
            return int(promised * random.uniform(4, 14))
        if kind < _FORGOTTEN + _LATE:
            return int(promised * random.uniform(1.05, 2.2))
        return int(promised * (0.1 + 0.85 * random.betavariate(2, 2)))

    def _lead(self) -> Official:
        return self.life.scene.staff[self.life.department][0]

    def _handler(self) -> Official:
        staff = self.life.scene.staff[self.life.department]
        return self.random.choice(staff[1:]) if len(staff) > 1 else staff[0]

    def _doer(self) -> Official:
        return self.life.assignee or self._handler()

    def _by_chance(self, share: float) -> bool:
        return self.random.random() < share

    def _say(self, sentences: Sentences) -> str:
        return with_number(self.random.choice(sentences), self.random, language=self.life.report.language)

    def _office_works(self, least: float, most: float) -> None:
        """Let some office time pass: between two shares of all there is."""
        passed = int(self.budget * self.random.uniform(least, most))
        self._pass_to(self.clock.moment(self.clock.worked(self.life.at) + max(passed, self._a_moment())))

    def _office_works_to_the_end(self) -> None:
        end = self.clock.worked(self.started_at) + self.budget
        soonest = self.clock.worked(self.life.at) + self._a_moment()
        self._pass_to(self.clock.moment(max(end, soonest)))

    def _citizen_waits(self, least_days: float, most_days: float) -> None:
        """Let some days pass, until a time of day when people are up."""
        at = self.life.at + int(self.random.uniform(least_days, most_days) * DAY)
        second = self.clock.second_of_day(at)
        if second < _MORNING:
            at += _MORNING - second + self.random.randrange(3600)
        elif second > _NIGHT:
            at -= second - _NIGHT + self.random.randrange(3600)
        self._pass_to(max(at, self.life.at + self._a_moment()))

    def _a_moment(self) -> int:
        return _A_MOMENT + self.random.randrange(1200)

    def _pass_to(self, moment: int) -> None:
        if moment > self.life.scene.now:
            raise NotYet
        self.life.at = max(moment, self.life.at)
