"""The page between the report form and the report, where a city wants contacts confirmed: one field for the code.

It carries everything that was typed, and sends it again with the code; photos are kept by the form's key meanwhile.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final
from uuid import UUID

from flask import render_template, request

from cps.complaints.filing import Report
from cps.complaints.reporters import Contact
from cps.kernel.text import Text, _, cleaned
from cps.notify import channels, codes, confirming
from cps.notify.codes import Verdict
from cps.notify.confirming import TooManyCodes
from cps.photos import drafts
from cps.web import forms, language, transactions

FIELD: Final = "code"
ANOTHER_CODE: Final = "another-code"
ANOTHER_ADDRESS: Final = "another-address"

_NOT_CARRIED = frozenset((FIELD, "key", "action", "kept", "uploads", "waited", "without", "photos"))
_PREFIX_IPV6 = 64  # what one household has: every device in it makes up addresses of its own
_SENTENCES = {
    Verdict.WRONG: _("This is not the code. If you asked for another one, only the last one counts."),
    Verdict.EXPIRED: _("This code is too old. Send another one."),
    Verdict.USED_UP: _("The code was wrong too often and cannot be used any more. Send another one."),
}


@dataclass(frozen=True)
class Proof:
    """A report with what is known of its contact, and what is wrong with the code that was typed for it."""

    report: Report
    fault: Text | None = None


def proven(report: Report) -> Proof:
    """Return the report with its contact confirmed, if it was before or is by the code on this form.

    Commits: a wrong code counts whatever becomes of the form.
    """
    report, contact = replace(report, can_confirm=bool(channels.ways())), report.contact
    if contact is None or not _is_wanted(report):
        return Proof(report)
    fault = (
        _judged(report.submission_key, contact) if FIELD in request.form and not _wants_another() else None
    )
    at = confirming.confirmed_at(report.submission_key, contact)
    return Proof(replace(report, contact=replace(contact, confirmed_at=at)), None if at else fault)


def ask(proof: Proof) -> Mapping[str, Text]:
    """Send a code if none was typed and none is on its way; return what is wrong by field, nothing if all is well.

    With a fault of the `contact` there is nothing to wait for: the form is to be shown again. Commits.
    """
    report, contact = proof.report, proof.report.contact
    if contact is None or proof.fault is not None:
        return {FIELD: proof.fault} if proof.fault else {}
    if confirming.way_to(contact) not in channels.ways():
        return {"contact": _("We can send a code by e-mail only. Enter an e-mail address here.")}
    key = report.submission_key
    try:
        confirming.send(key, contact, client=_client(), language=report.language, again=_wants_another())
    except TooManyCodes as refusal:
        return {FIELD if confirming.has_usable(key, contact) else "contact": refusal.sentence}
    transactions.keep_so_far()
    return {}


def page(proof: Proof, faults: Mapping[str, Text]) -> str:
    """Render the page that asks for the code."""
    contact = proof.report.contact or Contact()
    return render_template(
        "citizen/confirm.html",
        key=proof.report.submission_key,
        carried=_carried(),
        kept=len(drafts.kept(proof.report.submission_key)),
        faults=faults,
        is_mail=contact.email is not None,
        masked=codes.masked(confirming.address_of(contact)),
        minutes=int(codes.GOOD_FOR.total_seconds() // 60),
        another_code=ANOTHER_CODE,
        another_address=ANOTHER_ADDRESS,
    )


def _judged(key: UUID, contact: Contact) -> Text | None:
    typed = codes.read(forms.typed(FIELD))
    if not typed:
        return _("Type the %(digits)s digits of the code.", digits=codes.DIGITS)
    verdict = confirming.confirm(key, contact, typed)
    transactions.keep_so_far()
    return _SENTENCES.get(verdict)


def _is_wanted(report: Report) -> bool:
    asks = language.city().profile.asks
    return asks.confirms(report.category, f"{report.words} {report.landmark}")


def _wants_another() -> bool:
    return request.form.get("action") == ANOTHER_CODE


def _carried() -> list[tuple[str, str]]:
    """Return every field of the form as it came, but those of photos and of the code."""
    return [
        (name, cleaned(text))
        for name, texts in request.form.lists()
        for text in texts
        if name not in _NOT_CARRIED
    ]


def _client() -> str:
    """Return where the form came from: an address, or of IPv6 the network of its household."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _PREFIX_IPV6), strict=False))
    return str(address)
