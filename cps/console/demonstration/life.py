"""The plausible life of one made-up complaint: who does what with it, and when; pure.

A life ends where the present begins: what would happen later has not happened, so what came in
lately is still open, and what takes too long is overdue.
"""

from collections.abc import Sequence
from contextlib import suppress
from random import Random

from cps.city.promise import Promise
from cps.complaints.kinds import EventKind
from cps.complaints.status import Handover, Status
from cps.console.demonstration import wording
from cps.console.demonstration.arrivals import Report
from cps.console.demonstration.office import DAY
from cps.console.demonstration.pace import NotYet, Pace
from cps.console.demonstration.scene import Scene
from cps.console.demonstration.state import Life
from cps.console.demonstration.wording.phrasebook import Sentences

_WITHDRAWN = 0.025
_TRANSFERRED = 0.08
_RETURNED = 0.5
_SENT_AGAIN = 0.7
_UNDECIDED_DAYS = 14  # nobody leaves a dispute alone for longer
_ACCEPTED = 0.4
_ASSIGNED = 0.85
_HANDED_OVER = 0.04
_NOTED = 0.18
_URGENT = 0.02
_PAUSED = 0.05
_SHORTEST_PAUSE, _LONGEST_PAUSE = 2 * 3600, 16 * 3600  # of office time, far from any cap
_EXTENDED = 0.04
_CONSULTED = 0.2
_CONTRIBUTED = 0.65
_PUT_OFF = 0.3
_ASKED = 0.07
_ANSWERED = 0.75
_DECLINED = 0.08
_REOPENED = 0.05
_ADDED = 0.08
_JOINED, _JOINED_AGAIN = 0.12, 0.4
_RATED, _SAYS_WHY = 0.3, 0.4
# How many of a hundred choose good, so-so and bad.
_LIKED, _DISLIKED = (62, 23, 15), (10, 30, 60)
_FACES = (5, 3, 1)


def live(report: Report, scene: Scene, random: Random) -> Life:
    """Lead the life of a complaint from its report to its end, or to the present moment."""
    course = _Course(Life(report, scene), random)
    with suppress(NotYet):
        course.run()
    return course.life


class _Course(Pace):
    """One walk through a life: first time is passed, then something is done."""

    def run(self) -> None:
        """Tell the whole story, as far as the present moment."""
        if self._by_chance(_WITHDRAWN):
            self._citizen_waits(0.02, 1.5)
            self.life.withdraw(reason=self._say(self.book.withdrawals))
            return
        if self._by_chance(_TRANSFERRED):
            self._transfer()
        is_settled = self._handle()
        if is_settled and self._by_chance(_RATED):
            self._rate()
        if is_settled and self._by_chance(_REOPENED):
            self._reopen()

    def _transfer(self) -> None:
        life, report = self.life, self.life.report
        to_office = life.scene.offices.get(report.ward.code) if report.ward else None
        to_city = life.scene.departments[life.scene.sent(report.subject.code, None, None, life.at).department]
        other = to_office if to_office not in (None, life.department) else to_city
        if other is None or other == life.department:
            return
        self._office_works(0.02, 0.15)
        reasons = self.book.to_office if other == to_office else self.book.to_city
        life.transfer(to=other, by=self._lead(), reason=self._say(reasons))
        self._office_works(0.01, 0.1)
        if self._by_chance(_RETURNED):
            self._bounce(other, reasons)
        elif self._by_chance(_ACCEPTED):
            life.accept(by=self._lead())

    def _bounce(self, other: int, reasons: Sentences) -> None:
        """Send it back, and where nobody gives way, back again until somebody has to decide."""
        life = self.life
        life.give_back(by=self._lead(), reason=self._say(self.book.returns))
        while life.handover is Handover.RETURNED and self._by_chance(_SENT_AGAIN):
            self._office_works(0.01, 0.1)
            life.transfer(to=other, by=self._lead(), reason=self._say(reasons))
            self._office_works(0.01, 0.1)
            life.give_back(by=self._lead(), reason=self._say(self.book.returns))
        if life.handover is Handover.DISPUTED and life.due_at > life.scene.now - _UNDECIDED_DAYS * DAY:
            raise NotYet

    def _handle(self) -> bool:
        """Work on it to the end; say whether a citizen might want it looked at again."""
        life = self.life
        if life.scene.profile.clocks.priorities and not life.priority and self._by_chance(_URGENT):
            self._prioritise()
        if self._by_chance(_ASSIGNED):
            self._office_works(0.02, 0.2)
            life.assign(to=self._handler(), by=self._lead())
        is_declined = self._by_chance(_DECLINED)
        if not is_declined or self._by_chance(0.5):
            self._office_works(0.05, 0.3)
            life.start(by=life.assignee or self._handler())
            if self._by_chance(_HANDED_OVER):
                self._hand_over()
            if self._by_chance(_PAUSED):
                self._pause()
        self._do_what_comes_up()
        if self._by_chance(_ASKED) and not self._ask():
            return False
        self._office_works_to_the_end()
        if is_declined:
            self._decline(self.book.declines)
        else:
            results = self.book.results.get(life.report.subject.code, self.book.any_result)
            life.resolve(by=self._doer(), result=self._say(results))
        return True

    def _do_what_comes_up(self) -> None:
        """Leave a note, take more time, ask another department; citizens add and join: each by chance."""
        life = self.life
        if self._by_chance(_ADDED):
            self._citizen_waits(0.05, 1)
            life.add(words=self._say(self.book.afterthoughts))
        if life.report.subject.is_public and self._by_chance(_JOINED):
            self._neighbours_join()
        if self._by_chance(_NOTED):
            self._office_works(0.02, 0.2)
            words = wording.in_language(life.scene.profile.languages[0]).notes
            life.note(by=self._doer(), words=self._say(words))
        if self._by_chance(_EXTENDED):
            self._extend()
        if self._by_chance(_CONSULTED):
            self._consult()

    def _neighbours_join(self) -> None:
        life, random = self.life, self.random
        while not life.joined or self._by_chance(_JOINED_AGAIN):
            self._citizen_waits(0.02, 0.6)
            life.join(language=random.choices(life.scene.profile.languages, life.scene.language_shares)[0])

    def _rate(self) -> None:
        life = self.life
        self._citizen_waits(0.05, 1)
        shares = _LIKED if life.status is Status.RESOLVED else _DISLIKED
        score = self.random.choices(_FACES, shares)[0]
        why = self.book.praises if score == _FACES[0] else self.book.grumbles
        life.rate(score=score, words=self._say(why) if self._by_chance(_SAYS_WHY) else "")

    def _prioritise(self) -> None:
        life = self.life
        self._office_works(0.01, 0.02)
        life.prioritise(
            life.scene.profile.clocks.priorities[0], by=self._lead(), reason=self._say(self.book.urgencies)
        )
        self.budget = self._office_time_for(life, self.random)

    def _pause(self) -> None:
        life = self.life
        self._office_works(0.02, 0.1)
        if life.at > life.due_at:
            return
        cause, reasons = self.random.choice(
            (("inspection", self.book.inspections), ("other_body", self.book.other_offices))
        )
        life.pause(by=self._doer(), cause=cause, reason=self._say(reasons))
        length = self.random.randint(_SHORTEST_PAUSE, _LONGEST_PAUSE)
        self._pass_to(self.clock.moment(self.clock.worked(life.at) + length))
        life.go_on(by=self._doer())
        self.budget += length

    def _hand_over(self) -> None:
        life = self.life
        others = [o for o in life.scene.staff[life.department] if o != life.assignee]
        if others:
            self._office_works(0.02, 0.1)
            life.assign(to=self.random.choice(others), by=self._lead())

    def _extend(self) -> None:
        life = self.life
        is_first = all(happening.kind is not EventKind.EXTENDED for happening in life.history)
        self._office_works(0.02, 0.2)
        if is_first and life.scene.profile.clocks.extensions and life.at <= life.due_at:
            count = self.random.randint(1, Promise.parse(life.promise).count)
            life.extend(by=self._lead(), count=count, reason=self._say(self.book.extensions))

    def _consult(self) -> None:
        """Ask another department; some reply, some put it off first, and some have not replied yet."""
        life = self.life
        others = [d for d in life.scene.experts if d != life.department]
        self._office_works(0.02, 0.1)
        reply_by = self.clock.last_closing(
            life.at + int((life.due_at - life.at) * self.random.uniform(0.5, 0.9))
        )
        if not others or not life.at < reply_by <= life.due_at:
            return
        book = wording.in_language(life.scene.profile.languages[0])
        asked = life.consult(
            department=self.random.choice(others),
            by=self._doer(),
            question=self._say(book.consultations),
            reply_by=reply_by,
        )
        expert = life.scene.staff[asked.department][-1]
        if self._by_chance(_PUT_OFF):
            self._office_works(0.02, 0.1)
            latest = self.clock.last_closing(life.due_at)
            if life.at <= asked.reply_by < latest:
                life.put_off(asked, by=expert, reply_by=latest, reason=self._say(book.delays))
        if self._by_chance(_CONTRIBUTED):
            self._office_works(0.05, 0.2)
            life.contribute(asked, by=expert, reply=self._say(book.contributions))

    def _ask(self) -> bool:
        """Ask the citizen something; say whether the answer came. Without one it is declined."""
        self._office_works(0.05, 0.2)
        asked_at = self.life.at
        self.life.ask(by=self._doer(), question=self._say(self.book.questions))
        days = self.life.scene.profile.limits.answer_days
        if self._by_chance(_ANSWERED):
            self._citizen_waits(0.05, max(days - 1.0, 0.1))
            self.life.answer(words=self._say(self.book.answers))
            self.budget += self.clock.worked(self.life.at) - self.clock.worked(asked_at)
            return True
        self._pass_to(asked_at + days * DAY)
        self._office_works(0.1, 0.4)
        self._decline(self.book.silences)
        return False

    def _decline(self, grounds: Sequence[tuple[str, str]]) -> None:
        reason, remedy = self.random.choice(grounds)
        self.life.decline(by=self._doer(), reason=reason, remedy=remedy)

    def _reopen(self) -> None:
        life = self.life
        days = min(life.scene.profile.limits.reopen_days, 10)
        if days <= 0:
            return
        self._citizen_waits(0.2, days * 0.9)
        life.reopen(words=self._say(self.book.reopenings))
        self.started_at = life.at
        self._handle()
