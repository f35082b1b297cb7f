"""Many reports at once: they are selected, what would change is shown first, and then it is done and kept.

Between the pages forms carry the selection, so that nothing of it is lost, whatever is refused.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cps.complaints import batches, queries, undoing, visibility
from cps.complaints.batches import MOST, Batch, Done
from cps.complaints.views import View
from cps.desk import batching, denials, due, many, picking, queue, selecting
from cps.desk.batching import Outcome
from cps.desk.door import desk
from cps.desk.many import Verb
from cps.desk.permissions import Action
from cps.desk.picking import Pick
from cps.desk.screen import Attempt
from cps.desk.wording import Doubtful
from cps.kernel import clock, numbers
from cps.kernel.db import db
from cps.kernel.errors import Invalid, NotFound
from cps.kernel.text import Text, _, _n
from cps.people.models import Person
from cps.web import filters, forms
from cps.web.signin import current_person

CONFIRMED_ABOVE: Final = 100
"""Where more reports than these would change, their number is typed first."""


@desk.post("/selections")
def create_selection() -> ResponseReturnValue:
    """Show what is selected, and the form of what is to be done with it."""
    person = _worker()
    is_all = "all" in request.form
    picks, has_more = picking.all_of(person) if is_all else (picking.picked(), False)
    action = _action() if forms.typed("action") else None
    refusal = _refusal(picks)
    attempt = Attempt(action=action, typed=many.typed(action) if action else {}, refusal=refusal)
    return _selection(picks, person, attempt, has_more=has_more), _code(picks)


@desk.post("/previews")
def create_preview() -> ResponseReturnValue:
    """Show what would change and what would be left out; nothing changes yet."""
    person, picks = _worker(), picking.picked()
    if _refusal(picks):
        return _refused(picks, person)
    action = _action()
    try:
        outcomes = batching.foreseen(picks, _verb(action, person, picks), person)
        _expect_sense(outcomes)
    except Invalid as invalid:
        return _again(picks, person, action, invalid)
    return _preview(outcomes, picks, person, action)


@desk.post("/batches")
def create_batch() -> ResponseReturnValue:
    """Do it to all of them, as far as it can be done; the same form sent twice does it once."""
    person, picks = _worker(), picking.picked()
    if _refusal(picks):
        return _refused(picks, person)
    action, key = _action(), forms.submission_key()
    asked: dict[str, Any] = {"key": key, **picking.queue_of(person)}
    onward = redirect(url_for("desk.batch", **asked), 303)
    doing = db.session.begin_nested()
    try:
        if not batches.begin(key, action=action, by=person):
            return onward
        outcomes = batching.done(picks, _verb(action, person, picks), person)
        _expect_sense(outcomes)
    except Invalid as invalid:
        doing.rollback()
        return _again(picks, person, action, invalid)
    fault = _unconfirmed(outcomes)
    if fault:
        doing.rollback()
        return _preview(outcomes, picks, person, action, fault=fault), 422
    batches.keep(key, [_kept(one) for one in outcomes])
    denials.note_unseen(batching.unknown(outcomes))
    return onward


@desk.get("/batches/<uuid:key>")
def batch(key: UUID) -> str:
    """Show what was done, to who did it."""
    person = current_person()
    return page_of(batches.one_of(person, key), person)


def page_of(batch: Batch, person: Person, *, refused: Sequence[Outcome] = ()) -> str:
    """Show a batch; `refused`: what could not be taken back just now."""
    is_merger = batch.action == Action.MERGER
    lines = batches.lines_of(batch)
    standing = batches.merged_of(batch) if is_merger else batches.standing_of(batch)
    changed = [line for line in lines if line.reference in standing]
    offers = undoing.offers([line.reference for line in changed], by=person)
    return render_template(
        "desk/batch.html",
        person=person,
        batch=batch,
        action=many.ACTIONS[Action(batch.action)],
        changed=changed,
        undone=[line for line in lines if line.event_id is not None and line.reference not in standing],
        left_out=[line for line in lines if line.event_id is None],
        refused=refused,
        may_part=is_merger and bool(changed),
        undo_seconds=max((offer.seconds for offer in offers), default=0),
        queue_of=picking.queue_of(person),
    )


def _worker() -> Person:
    person = current_person()
    denials.expect(person.works)
    return person


def _action() -> Action:
    chosen = forms.typed("action")
    if chosen not in many.ACTIONS:
        raise NotFound
    return Action(chosen)


def _verb(action: Action, person: Person, picks: Sequence[Pick]) -> Verb:
    # The one that leads is locked with the others, in one order.
    if action is Action.MERGER and forms.typed("lead") not in {pick.reference for pick in picks}:
        raise Invalid({"lead": _("Choose which of the selected reports leads.")})
    return many.verb_of(action, person)


def _refusal(picks: Sequence[Pick]) -> Text | None:
    if not picks:
        return _("No report is selected.")
    if len(picks) > MOST:
        return _n(
            "At most %(most)s reports at a time: %(num)s is selected. Take some out.",
            "At most %(most)s reports at a time: %(num)s are selected. Take some out.",
            len(picks),
            most=MOST,
        )
    return None


def _code(picks: Sequence[Pick]) -> int:
    if not picks:
        return 422
    return 409 if len(picks) > MOST else 200


def _refused(picks: Sequence[Pick], person: Person) -> ResponseReturnValue:
    known = forms.typed("action")
    action = Action(known) if known in many.ACTIONS else None
    attempt = Attempt(action=action, typed=many.typed(action) if action else {}, refusal=_refusal(picks))
    return _selection(picks, person, attempt), _code(picks)


def _again(picks: Sequence[Pick], person: Person, action: Action, invalid: Invalid) -> ResponseReturnValue:
    is_doubtful = isinstance(invalid, Doubtful)
    attempt = Attempt(action, many.typed(action), faults=invalid.faults, is_doubtful=is_doubtful)
    return _selection(picks, person, attempt), 422


def _expect_sense(outcomes: Sequence[Outcome]) -> None:
    """Raise Invalid where what was typed fits none of them."""
    faults = batching.faults(outcomes)
    if faults:
        raise Invalid(faults)


def _unconfirmed(outcomes: Sequence[Outcome]) -> Text | None:
    """Say that the number has to be typed, where many would change and it was not."""
    found = len(batching.changed(outcomes))
    if found <= CONFIRMED_ABOVE or numbers.plain_digits(forms.typed("count")) == str(found):
        return None
    return _("Type %(count)s: so many reports would change.", count=found)


def _kept(outcome: Outcome) -> Done:
    event_id = outcome.moved.event_id if outcome.moved else None
    refusal = filters.says(outcome.refusal) if outcome.refusal else ""
    return Done(outcome.reference, event_id, refusal)


def _selection(picks: Sequence[Pick], person: Person, attempt: Attempt, *, has_more: bool = False) -> str:
    seen = visibility.for_official(person).numbers([pick.reference for pick in picks])
    versions = {pick.reference: pick for pick in picks if pick.reference in seen}
    rows = queries.of([seen[reference] for reference in versions])
    lines = queue.lines(rows, View.OPEN, person, now=clock.now(), pictures={})
    return render_template(
        "desk/selection.html",
        person=person,
        lines=[(versions[line.reference].value, line) for line in lines],
        attempt=attempt,
        action=attempt.action,
        actions=many.ACTIONS,
        most=MOST,
        has_more=has_more,
        queue_of=picking.queue_of(person),
        leads=selecting.leads(lines, rows) if attempt.action is Action.MERGER else [],
        **selecting.choices(attempt.action, person, {row.department_id for row in rows}),
    )


def _preview(
    outcomes: Sequence[Outcome],
    picks: Sequence[Pick],
    person: Person,
    action: Action,
    *,
    fault: Text | None = None,
) -> str:
    changed = batching.changed(outcomes)
    return render_template(
        "desk/preview.html",
        person=person,
        picks=picks,
        action=action,
        title=many.ACTIONS[action],
        chosen=selecting.chosen(action, person),
        typed=many.typed(action),
        changed=changed,
        left_out=batching.left_out(outcomes),
        told=_told(changed) if action in selecting.PUBLIC else {},
        standing=due.standing,
        is_counted=len(changed) > CONFIRMED_ABOVE,
        fault=fault,
        key=forms.submission_key(),
        queue_of=picking.queue_of(person),
    )


def _told(changed: Sequence[Outcome]) -> Mapping[str, Any]:
    """Return, by language, what the first reporter of that language would read."""
    found: dict[str, Any] = {}
    for one in changed:
        if one.moved and one.moved.told:
            found.setdefault(one.moved.language, {"reference": one.reference, "words": one.moved.told})
    return found
