"""Asking other departments about a made-up complaint: the question, the reply, and what becomes of an open one; pure."""

from collections.abc import Mapping
from typing import Any

from cps.complaints.kinds import EventKind
from cps.console.demonstration.asked import Asked
from cps.console.demonstration.office import moment_of
from cps.console.demonstration.scene import Official
from cps.console.demonstration.standing import Standing


class Consulting(Standing):
    """A complaint about which other departments can be asked."""

    __slots__ = ()

    def consult(self, *, department: int, by: Official, question: str, reply_by: int) -> Asked:
        """Ask another department, for a reply before the deadline."""
        asked = Asked(department=department, by=by, at=self.at, question=question, reply_by=reply_by)
        self.asked.append(asked)
        details: Mapping[str, Any] = {
            "department": department,
            "reply_by": moment_of(reply_by).isoformat(),
            "days": None,
            "is_within": True,
        }
        self._write(EventKind.CONTRIBUTION_ASKED, by=by, details=details)
        return asked

    def contribute(self, asked: Asked, *, by: Official, reply: str) -> None:
        """Give the reply that was asked for; `by` belongs to the department that was asked."""
        asked.reply, asked.replied_by, asked.replied_at = reply, by, self.at
        details = {"department": asked.department}
        self._write(EventKind.CONTRIBUTED, by=by, note=reply, is_internal=True, details=details)

    def put_off(self, asked: Asked, *, by: Official, reply_by: int, reason: str) -> None:
        """Put the reply off, once, before it is due."""
        details: Mapping[str, Any] = {
            "department": asked.department,
            "old": moment_of(asked.reply_by).isoformat(),
            "new": moment_of(reply_by).isoformat(),
            "days": None,
            "is_within": True,
        }
        asked.reply_by, asked.extended_at, asked.extension_reason = reply_by, self.at, reason
        self._write(EventKind.CONTRIBUTION_EXTENDED, by=by, note=reason, is_internal=True, details=details)

    def _withdraw_open(self, *, by: Official | None) -> None:
        for asked in self.asked:
            if asked.is_open:
                asked.withdrawn_at = self.at
                details = {"department": asked.department}
                self._write(EventKind.CONTRIBUTION_WITHDRAWN, by=by, is_internal=True, details=details)
