"""What is true of every city at every moment, as questions to the database that find what is not."""

from sqlalchemy import text

from cps.kernel.db import db

_LAST = "complaint c JOIN event e ON e.complaint_id = c.id AND e.position = c.version"
_OPEN = "('received', 'assigned', 'in_progress', 'waiting')"
_OF_OFFICIALS = (
    "('assigned', 'started', 'asked', 'noted', 'resolved', 'declined', 'transferred', 'accepted', 'returned', "
    "'decided', 'extended', 'paused', 'planned', 'unplanned', 'prioritised', 'categorised', 'contribution_asked', 'contributed', 'contribution_extended', 'covered', 'uncovered', 'calmed', 'undone', 'set_aside', 'let_in', 'hidden', 'shown', 'category_kept', 'flagged', 'unflagged')"
)
_WITH_A_REASON = (
    "('asked', 'answered', 'resolved', 'declined', 'transferred', 'returned', 'extended', 'paused', "
    "'unplanned', 'prioritised', 'noted', 'contributed', 'set_aside', 'hidden', 'flagged', 'unflagged')"
)
_NOT_TOLD = (
    "('noted', 'contributed', 'contribution_extended', 'contribution_withdrawn', 'reply_recounted', 'escalated', "
    "'absorbed', 'released', 'covered', 'uncovered', 'alarmed', 'calmed', 'undone', 'set_aside', 'let_in', 'hidden', 'shown', 'category_kept', 'flagged', 'unflagged', 'plan_missed', 'overlooked')"
)
_ARRIVING = "('received', 'reopened', 'parted', 'transferred', 'returned', 'decided')"

UNTRUE = {
    "version is not the count of events": "SELECT c.id FROM complaint c WHERE version <> "
    "(SELECT count(*) FROM event WHERE complaint_id = c.id)",
    "version is not the last position": "SELECT c.id FROM complaint c WHERE version <> "
    "(SELECT max(position) FROM event WHERE complaint_id = c.id)",
    "the last event stands elsewhere": f"SELECT c.id FROM {_LAST} WHERE e.status <> c.status",
    "the last event has another department": f"SELECT c.id FROM {_LAST} WHERE e.department_id <> c.department_id",
    "open without a department or a deadline": f"SELECT c.id FROM complaint c WHERE status IN {_OPEN} "
    "AND (department_id IS NULL OR due_at IS NULL)",
    "an act without an official": f"SELECT e.id FROM event e WHERE kind IN {_OF_OFFICIALS} AND by_id IS NULL",
    "an act without a reason": f"SELECT e.id FROM event e WHERE kind IN {_WITH_A_REASON} AND btrim(note) = ''",
    "declined without a remedy": "SELECT e.id FROM event e WHERE kind = 'declined' "
    "AND coalesce(details->>'remedy', '') = ''",
    "told to citizens though internal, or kept though told": "SELECT e.id FROM event e "
    f"WHERE is_internal <> (kind IN {_NOT_TOLD})",
    "handled by somebody of another department": "SELECT c.id FROM complaint c JOIN person p ON p.id = assignee_id "
    f"WHERE c.status IN {_OPEN} AND p.department_id <> c.department_id",
    "received at another time": "SELECT c.id FROM complaint c WHERE received_at <> "
    "(SELECT at FROM event WHERE complaint_id = c.id AND position = 1 AND kind = 'received')",
    "joined though not public": "SELECT c.id FROM complaint c WHERE joined > 0 AND NOT is_public "
    "AND set_aside IS NULL AND NOT EXISTS (SELECT FROM event e WHERE e.complaint_id = c.id AND e.kind = 'hidden')",
    "public though set aside": "SELECT c.id FROM complaint c WHERE set_aside IS NOT NULL AND is_public",
    "a lead that was merged itself": "SELECT c.id FROM complaint c JOIN complaint l ON l.id = c.lead_id "
    "WHERE l.status = 'merged' OR l.id = c.id",
    "merged without following the lead": "SELECT c.id FROM complaint c WHERE status = 'merged' AND NOT EXISTS "
    "(SELECT FROM joining j WHERE j.own_id = c.id AND j.complaint_id = c.lead_id)",
    "away twice on one day": "SELECT a.id FROM leave a JOIN leave b ON b.person_id = a.person_id AND b.id > a.id "
    "AND b.first_day <= a.last_day AND b.last_day >= a.first_day "
    "WHERE a.ended_at IS NULL AND b.ended_at IS NULL",
    "asked though the report has ended": "SELECT s.id FROM subtask s JOIN complaint c ON c.id = s.complaint_id "
    "WHERE s.replied_at IS NULL AND s.withdrawn_at IS NULL AND c.closed_at IS NOT NULL",
    # Planned is what stands in the agenda at its version; a fortnight is more than any working day and holidays.
    "planned, unseen, not told, and nobody will look": "SELECT c.id FROM complaint c "
    "JOIN agenda a ON a.complaint_id = c.id AND a.version = c.version "
    f"WHERE c.status IN {_OPEN} AND c.seen_at IS NULL AND NOT EXISTS (SELECT FROM event e "
    "WHERE e.complaint_id = c.id AND (e.kind = 'undone' OR e.kind = 'overlooked' AND e.position > "
    f"(SELECT max(position) FROM event WHERE complaint_id = c.id AND kind IN {_ARRIVING}))) "
    "AND (a.next_at IS NULL OR a.next_at > interval '14 days' + "
    f"(SELECT max(at) FROM event WHERE complaint_id = c.id AND kind IN {_ARRIVING}))",
}


def untrue(more: dict[str, str] | None = None) -> dict[str, list[str]]:
    """Return what is not true now, with the numbers of the rows."""
    found: dict[str, list[str]] = {}
    parts = (
        f"SELECT '{what}', CAST(id AS text) FROM ({query}) q"
        for what, query in (UNTRUE | (more or {})).items()
    )
    for what, number in db.session.execute(text(" UNION ALL ".join(parts))):
        found.setdefault(what, []).append(number)
    return found
