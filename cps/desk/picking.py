"""Which reports are selected in a queue: each with the version that the official saw, as forms carry them."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from cps.complaints import queries
from cps.complaints.batches import MOST
from cps.desk import narrowing, queue
from cps.kernel.references import canonical
from cps.people.models import Person

FIELD = "report"


@dataclass(frozen=True, slots=True)
class Pick:
    """One report that is selected, at the version that was seen."""

    reference: str
    version: int

    @property
    def value(self) -> str:
        """The pick as a form carries it."""
        return f"{self.reference}:{self.version}"


def picked() -> list[Pick]:
    """Return what the form selects, each report once; what is no number of a report is left out."""
    found: dict[str, Pick] = {}
    for value in request.form.getlist(FIELD):
        typed, _colon, version = value.partition(":")
        reference = canonical(typed)
        if reference and version.isascii() and version.isdigit() and len(version) < 10:
            found.setdefault(reference, Pick(reference, int(version)))
    return list(found.values())


def all_of(person: Person) -> tuple[Sequence[Pick], bool]:
    """Return all that is in the view that the address asks for, up to the limit, and whether there is more."""
    sieve = narrowing.sieve(narrowing.asked(person), person)
    page = queries.queue(person, queue.asked_view(person), day=queue.today(), sieve=sieve, most=MOST)
    found = {row.reference: Pick(row.reference, row.version) for row in page.rows}
    return list(found.values()), page.next_after is not None


def queue_of(person: Person) -> dict[str, str]:
    """Return the arguments of the queue that the selection comes from, to go back to it."""
    return {"view": queue.asked_view(person), **narrowing.asked(person).chosen}
