"""What everybody may see of a complaint: how it stands and what the city answered, nothing of who asked."""

from uuid import uuid4

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cps.citizen import progress
from cps.complaints import answers, history, visibility
from cps.complaints.models import Complaint
from cps.kernel.references import canonical
from cps.kernel.text import _, cleaned
from cps.photos import album
from cps.web import language
from cps.web.limits import limiter


def find() -> ResponseReturnValue:
    """Go to the report with the number that was typed, or say that it is none; without one, to the list."""
    typed = cleaned(request.args.get("reference", ""))
    if not typed:
        return redirect(url_for("citizen.listing"), 303)
    reference = canonical(typed)
    if reference is None:
        fault = _("This is not a receipt number. It looks like 7K3M-9QAZ.")
        return render_template("citizen/find.html", typed=typed, fault=fault), 422
    return redirect(url_for("citizen.complaint", reference=reference), 303)


@limiter.limit("60/minute", deduct_when=lambda response: response.status_code == 404)
def show(reference: str) -> str:
    """Show a public report; a private one is as unknown as none at all."""
    return page(visibility.for_public().one(reference))


def page(complaint: Complaint, **attempt: object) -> str:
    """Make the page; `attempt` is how somebody tried to join, when it could not be taken: contact, fault."""
    events = history.told_to_citizens(complaint)
    return render_template(
        "citizen/complaint.html",
        complaint=complaint,
        standing=progress.of(complaint, events, language=language.current()),
        events=events,
        photos=album.of(complaint.id, for_everybody=True),
        answers=answers.told(
            complaint, events[0], language.city(), language=language.current(), is_public=True
        ),
        key=attempt.pop("key", None) or uuid4(),
        attempt=attempt,
    )
