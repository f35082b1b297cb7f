"""What another department was asked about a made-up complaint, and what it said."""

from cps.console.demonstration.scene import Official


class Asked:
    """What another department was asked; moments in seconds since 1970."""

    __slots__ = (
        "asked_at",
        "asked_by",
        "department",
        "extended_at",
        "extension_reason",
        "question",
        "replied_at",
        "replied_by",
        "reply",
        "reply_by",
        "withdrawn_at",
    )

    def __init__(self, *, department: int, by: Official, at: int, question: str, reply_by: int) -> None:
        self.department = department
        self.question = question
        self.asked_by = by
        self.asked_at = at
        self.reply_by = reply_by
        self.extended_at: int | None = None
        self.extension_reason = ""
        self.reply = ""
        self.replied_by: Official | None = None
        self.replied_at: int | None = None
        self.withdrawn_at: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether the department still owes the reply."""
        return self.replied_at is None and self.withdrawn_at is None
