"""The days for which something is planned, as they are typed."""

from datetime import date

from cps.complaints import scheduling
from cps.desk.wording import Doubtful
from cps.kernel.errors import Invalid
from cps.kernel.text import Text, _
from cps.web import forms

_UNREAD = _("We could not read this date.")


def typed() -> tuple[date, date]:
    """Return from which day to which it was typed; without a last one it is one day. Raises Invalid, by field."""
    if not forms.typed("first"):
        raise Invalid({"first": _("Choose the day.")})
    first = _day("first")
    return first, _day("last") if forms.typed("last") else first


def expect_open(first: date, last: date) -> None:
    """Raise Doubtful where it begins or ends on a day on which the offices are closed, until that is said once more."""
    closed = scheduling.closed_days(first, last)
    if closed and forms.typed("sure") != "yes":
        fault: Text = _(
            "The offices are closed on that day. Choose another, or say that somebody comes all the same."
        )
        raise Doubtful({"first" if first in closed else "last": fault})


def _day(name: str) -> date:
    try:
        return date.fromisoformat(forms.typed(name))
    except ValueError:
        raise Invalid({name: _UNREAD}) from None
