"""The mail to a colleague who is named to stand in for somebody, and the one when that is over sooner.

A mail's own number follows from what it is about: a task that runs twice writes it once.
"""

from uuid import UUID, uuid5

from sqlalchemy.orm import joinedload

from cps.city.queries import in_force
from cps.kernel import dates, jobs
from cps.kernel.db import db
from cps.kernel.text import _
from cps.notify import officials, tasks
from cps.notify.letters import Letter, desk_address
from cps.notify.models import Message
from cps.people.models import Leave

_MAILS = UUID("0b6c2f8e-64d1-4b8e-9a83-1d1c5c6f7a20")  # of these mails alone; an arbitrary one of our own


@jobs.app.task(name=jobs.TELL_COVER, retry=jobs.PERSISTENTLY)
def tell(leave_id: int) -> None:
    """Write to who stands in, as the leave stands now: that they do, or no longer do if they heard that they would."""
    people = joinedload(Leave.person), joinedload(Leave.cover)
    leave = db.session.get(Leave, leave_id, options=people)
    if leave is None or leave.cover is None or not leave.cover.is_active:
        return
    named = uuid5(_MAILS, f"{leave.id} named")
    if leave.ended_at is not None and db.session.get(Message, named) is None:
        return
    language = leave.cover.language or in_force().profile.languages[0]
    row = tasks.as_message(
        mail_about(leave, language=language), to=leave.cover.email, language=language, event_id=None
    )
    number = named if leave.ended_at is None else uuid5(_MAILS, f"{leave.id} ended")
    tasks.post([{**row, "id": number}])


def mail_about(leave: Leave, *, language: str) -> Letter:
    """Write to who stands in about a leave."""
    say, city = officials.saying(language), in_force()
    name, is_over = leave.person.name, leave.ended_at is not None
    days = dates.span(leave.first_day, leave.last_day, language=language, calendars=city.profile.dates)
    if is_over:
        subject = _("You no longer stand in for %(name)s", name=name)
        told = [say(_("%(name)s is not away after all (%(days)s).", name=name, days=days))]
    else:
        subject = _("You stand in for %(name)s", name=name)
        told = [
            say(_("%(name)s is away: %(days)s.", name=name, days=days)),
            say(
                _("On these days you get the reminders about their reports, and the queue shows them to you.")
            ),
        ]
    link = say(_("Open it at the desk: %(link)s", link=f"{desk_address()}/leaves"))
    return Letter(say(subject), "\n\n".join([" ".join(told), link, city.name(language)]) + "\n")
