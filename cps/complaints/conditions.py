"""Conditions on a complaint's row, as its partial indexes have them."""

from sqlalchemy import text

# Written out, and used in queries as it stands here: bound values would hide the partial indexes
# from a prepared statement's plan.
_OPEN = "status IN ('received', 'assigned', 'in_progress', 'waiting')"
IS_OPEN = text(_OPEN)
IS_CLOSED = text("closed_at IS NOT NULL")
IS_NEW = text("status = 'received'")
IS_PUBLIC = text("is_public")
IS_ANSWERED = text("status IN ('resolved', 'declined')")
IS_UNACCEPTED = text("accept_by IS NOT NULL")
IS_DISPUTED = text("handover = 'disputed'")
IS_IN = text("set_aside IS NULL")
# Not set aside, or closed since: what is kept from everybody counts once somebody has judged it.
IS_JUDGED = text("(set_aside IS NULL OR closed_at IS NOT NULL)")
IS_ASIDE = text(f"set_aside IS NOT NULL AND {_OPEN}")
IS_ALARMED = text(f"alarm IS NOT NULL AND {_OPEN}")
# Open, and a day is planned.
IS_PLANNED = text(f"planned_from IS NOT NULL AND {_OPEN}")
MOST_PLANNED_DAYS = 14  # from the first to the last, both included
IS_SOMEWHERE = text("latitude IS NOT NULL")
# Open, and it is known where.
IS_PLACED = text(f"latitude IS NOT NULL AND {_OPEN}")
# It is known where, and it is a case of its own: what tells that a problem comes back.
IS_COUNTING_AGAIN = text("complaint.latitude IS NOT NULL AND complaint.status NOT IN ('withdrawn', 'merged')")
IS_REOPENING = text("kind = 'reopened'")
IS_UNDOING = text("kind = 'undone'")
IS_OVERLOOKING = text("kind = 'overlooked'")
# What counts of a history: neither what was taken back, nor the event that says so.
IS_COUNTED = text(
    "event.kind <> 'undone' AND NOT EXISTS (SELECT FROM event undoing WHERE undoing.kind = 'undone'"
    " AND undoing.complaint_id = event.complaint_id AND CAST(undoing.details ->> 'event' AS bigint) = event.id)"
)
# What people who come with the same problem are shown.
IS_OFFERED = text(f"is_public AND latitude IS NOT NULL AND {_OPEN}")
