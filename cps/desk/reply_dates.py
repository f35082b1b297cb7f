"""The day by which a department replies, as it is typed: a date, or so many working days."""

from datetime import date, datetime

from cps.complaints.models import Complaint
from cps.complaints.reply_dates import ReplyDate, after_working_days, end_of
from cps.kernel.errors import Invalid
from cps.kernel.text import _
from cps.web import forms


def typed(complaint: Complaint, *, since: datetime) -> ReplyDate:
    """Return by when the reply is due: working days count from `since`, and a date goes before them.

    Raises Invalid (field `reply_by`).
    """
    written = forms.typed("date")
    if not written:
        return after_working_days(forms.typed_count("days"), since=since)
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise Invalid({"reply_by": _("We could not read this date.")}) from None
    return end_of(day, complaint)
