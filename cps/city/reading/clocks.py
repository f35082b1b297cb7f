"""`clocks.toml`: acknowledging, transfers, pauses, priorities, the ladder, objections; all of it may be left out."""

import re
from collections.abc import Mapping, Sequence
from datetime import time
from typing import Final

from cps.city.clocks import LISTENERS, PAUSE_REASONS, Clocks, Objection, Priority, Rung
from cps.city.promise import Promise
from cps.city.reading.sections import Section

FILE: Final = "clocks.toml"

_DEFAULT = Clocks()
_KNOWN = (
    "acknowledge",
    "transfer",
    "pause",
    "extension",
    "priority",
    "escalation",
    "progress",
    "digest",
    "objection",
)
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PERCENT = re.compile(r"([1-9]\d{0,2}) ?%")
_LATE = re.compile(r"(.+) late")
_CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_MOST_BOUNCES, _MOST_EXTENSIONS = 10, 2


def clocks_from(section: Section, languages: Sequence[str]) -> Clocks:
    """Read the clocks, noting what is wrong; what is not said stays as it is by default."""
    section.only(_KNOWN)
    transfer, extension = section.table("transfer", optional=True), section.table("extension", optional=True)
    transfer.only(("inside", "outside", "bounces"))
    extension.only(("most",))
    return Clocks(
        acknowledge=_promise(section, "acknowledge", _DEFAULT.acknowledge),
        transfer_inside=_promise(transfer, "inside", _DEFAULT.transfer_inside),
        transfer_outside=_promise(transfer, "outside", _DEFAULT.transfer_outside),
        bounces=_whole(transfer, "bounces", _DEFAULT.bounces, most=_MOST_BOUNCES),
        extensions=_whole(extension, "most", _DEFAULT.extensions, most=_MOST_EXTENSIONS),
        pauses=_pauses(section.table("pause", optional=True)),
        priorities=tuple(_priority(item, languages) for item in section.tables("priority")),
        ladder=_ladder(section),
        progress=_progress(section),
        digest_at=_digest_at(section),
        emails=_emails(section),
        objection=_objection(section, languages),
    )


def _promise(section: Section, key: str, default: Promise) -> Promise:
    if key not in section.values:
        return default
    written = section.text(key)
    try:
        return Promise.parse(written)
    except ValueError:
        section.fault(
            f"{written!r} is no promise; write one like '8 working hours' or '3 working days'.", key
        )
        return default


def _needed(section: Section, key: str) -> Promise:
    """Read a promise that has no value by default."""
    if key not in section.values:
        section.fault(f"{key!r} is missing.", key)
    return _promise(section, key, _DEFAULT.acknowledge)


def _whole(section: Section, key: str, default: int, *, most: int) -> int:
    return section.whole(key, least=0, most=most) if key in section.values else default


def _pauses(section: Section) -> Mapping[str, Promise]:
    """Read the cap of each reason to pause: without one a pause might never end."""
    section.only(PAUSE_REASONS)
    return {reason: _promise(section, reason, _DEFAULT.pauses[reason]) for reason in PAUSE_REASONS}


def _priority(section: Section, languages: Sequence[str]) -> Priority:
    section.only(("code", "resolve", "acknowledge", "name"))
    code = section.text("code")
    if code and not _CODE.fullmatch(code):
        section.fault(f"{code!r} is no code: use a-z, 0-9 and -.", "code")
    return Priority(
        code=code,
        names=section.names("name", languages, of=f"The name of priority {code!r}"),
        resolve=_needed(section, "resolve"),
        acknowledge=_needed(section, "acknowledge"),
    )


def _ladder(section: Section) -> tuple[Rung, ...]:
    if "escalation" not in section.values:
        return _DEFAULT.ladder
    rungs = [_rung(item) for item in section.table("escalation").tables("step")]
    codes: set[str] = set()
    for number, rung in enumerate(rungs):
        if rung.code in codes:
            section.table("escalation").fault(f"The step {rung.code!r} stands here twice.", "step", number)
        codes.add(rung.code)
    return tuple(rungs)


def _rung(section: Section) -> Rung:
    section.only(("at", "to"))
    to, at = section.text("to"), section.text("at")
    if to and to not in LISTENERS:
        section.fault(f"Nobody is called {to!r} here; write one of {', '.join(LISTENERS)}.", "to")
    percent, late = _PERCENT.fullmatch(at), _LATE.fullmatch(at)
    if percent is not None:
        return Rung(to, percent=int(percent[1]))
    if late is not None:
        try:
            return Rung(to, late=Promise.parse(late[1]))
        except ValueError:
            pass
    if at:
        section.fault(f"{at!r} is no time of a step; write '80 %' or '2 working days late'.", "at")
    return Rung(to, percent=100)


def _progress(section: Section) -> Promise | None:
    if "progress" not in section.values:
        return _DEFAULT.progress
    progress = section.table("progress")
    progress.only(("every",))
    if progress.values.get("every") == "never":
        return None
    return _promise(progress, "every", Promise(30, "calendar_days"))


def _digest_at(section: Section) -> time | None:
    if "digest" not in section.values:
        return _DEFAULT.digest_at
    digest = section.table("digest")
    digest.only(("at",))
    written = digest.text("at")
    match = _CLOCK_TIME.fullmatch(written)
    if match is None and written != "never":
        digest.fault(f"{written!r} is no time of day like '07:30', nor 'never'.", "at")
    return time(int(match[1]), int(match[2])) if match else None


def _emails(section: Section) -> Mapping[str, str]:
    """Read where letters to the top of the ladder go, who have no account at the desk."""
    ladder = section.table("escalation", optional=True)
    ladder.only(("step", "auditor", "mayor"))
    found = {name: ladder.text(name) for name in ("auditor", "mayor") if name in ladder.values}
    for name, address in found.items():
        if address and "@" not in address:
            ladder.fault(f"{address!r} is no e-mail address.", name)
    return found


def _objection(section: Section, languages: Sequence[str]) -> Objection | None:
    """Read what a citizen may do against a refusal: half an offer would promise what nobody can use."""
    if "objection" not in section.values:
        return None
    objection = section.table("objection")
    objection.only(("within", "answer", "text"))
    return Objection(
        within=_needed(objection, "within"),
        answer=_needed(objection, "answer"),
        texts=objection.names("text", languages, of="How to object"),
    )
