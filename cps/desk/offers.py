"""What a form of the desk needs to know before it is filled in."""

from dataclasses import dataclass

from cps.city.promise import Promise
from cps.complaints import deadlines, history, subtasks
from cps.complaints.models import Complaint
from cps.kernel import clock
from cps.kernel.text import Text
from cps.sla.explanation import said


@dataclass(frozen=True)
class Extension:
    """At most how many units a deadline can be extended by, in words too, and whether consent is needed."""

    most: int
    most_in_words: Text
    needs_consent: bool


def extension(complaint: Complaint) -> Extension:
    """Say how far the deadline can be extended."""
    promise = Promise.parse(complaint.promise)
    given = deadlines.extensions(history.turns(complaint))
    return Extension(promise.count, said(promise), bool(given))


def reply_days(complaint: Complaint) -> int:
    """Say how many working days another department can have for its reply; perhaps none."""
    return subtasks.most_working_days(complaint, since=clock.now())
