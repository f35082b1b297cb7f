"""The judge of a round: what citizens were told beside what the city has, rows and effects, and nothing in between.

`look` gathers from the database, the photo folder and the mail server; `judge` compares with the ledger and says in
sentences what is wrong. Nothing said means that nothing acknowledged was lost and nothing was done twice.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg

from cps.backup import checks
from cps.kernel.postgres_cluster import Cluster
from cps.photos import copying
from cps.photos.storage import FolderStorage
from tests.reliability.ledger import Account, Sent, content_of
from tests.truths import UNTRUE

_STORED = """
    SELECT s.key::text, c.reference, encode(c.tracking_hash, 'hex'), k.code, c.latitude, c.longitude, c.landmark, c.words,
        coalesce(r.email, ''), c.version,
        ARRAY(SELECT position FROM event WHERE complaint_id = c.id ORDER BY position),
        (SELECT count(*) FROM event WHERE complaint_id = c.id AND kind = 'received'),
        ARRAY(SELECT original FROM photo WHERE complaint_id = c.id)
    FROM submission s LEFT JOIN complaint c ON c.submission_key = s.key
    LEFT JOIN category k ON k.id = c.category_id LEFT JOIN reporter r ON r.complaint_id = c.id
"""
_LETTERS = """
    SELECT m.id::text, m.event_id, m.address, m.state FROM message m JOIN event e ON e.id = m.event_id
    JOIN reporter r ON r.complaint_id = e.complaint_id AND r.email = m.address
"""
_SHOWN = 3


@dataclass(frozen=True)
class Stored:
    """A report as its rows have it."""

    key: str
    reference: str | None
    link: str = ""
    content: str = ""
    version: int = 1
    events: tuple[int, ...] = (1,)
    received: int = 1
    photos: tuple[str, ...] = ()
    contact: str = "-"


@dataclass(frozen=True)
class Letter:
    """A letter to a reporter as its row has it."""

    id: str
    event: int
    address: str
    state: str = "sent"


@dataclass(frozen=True)
class Found:
    """All that a city has: `missing` and `damaged` name photos, `damage` and `untrue` are sentences."""

    stored: list[Stored] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    mails: list[tuple[str, str]] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)
    damaged: set[str] = field(default_factory=set)
    untrue: list[str] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)


def look(cluster: Cluster, photos: Path, mails: list[tuple[str, str]], *, url: str | None = None) -> Found:
    """Gather what the city has now."""
    with psycopg.connect(url or cluster.url, autocommit=True) as connection:
        stored = [_stored(*row) for row in connection.execute(_STORED)]
        letters = [Letter(*row) for row in connection.execute(_LETTERS)]
        named = copying.named(connection)
        untrue = [*checks.untruths(connection), *_untrue(connection)]
    storage = FolderStorage(photos)
    there = {path.name for path in photos.glob("??/??/*")}
    return Found(
        stored=stored,
        letters=letters,
        mails=mails,
        missing=checks.missing_photos(named, storage),
        damaged=checks.damaged_photos(named | there, storage),
        untrue=untrue,
        damage=damage(cluster),
    )


def damage(cluster: Cluster) -> list[str]:
    """Let pg_amcheck look at every table and index, page by page."""
    where = (f"--host={cluster.socket}", "--username=cps", "--install-missing", "cps")
    ended = cluster.programs.run("pg_amcheck", *where, cwd=cluster.home / "run")
    return [] if ended.is_success else [f"pg_amcheck found damage: {' '.join(ended.said.split())[:300]}"]


def judge(account: Account, found: Found, *, kills: int = 0, has_mail: bool = True) -> list[str]:
    """Say what is wrong; `kills` bounds how many letters may have left again under their own id, two hands being at work.

    `has_mail`: the queue is empty and `found` has all that left, so that every letter that is wanted must be there.
    """
    return [
        *_lost(account, found),
        *_doubled(account, found),
        *_told_wrongly(account, found),
        *_photos(account, found),
        *_letters(found, kills, has_mail=has_mail),
        *found.untrue,
        *found.damage,
    ]


def _lost(account: Account, found: Found) -> Iterator[str]:
    stored = {one.key for one in found.stored if one.reference is not None}
    yield from _say("acknowledged and not stored", set(account.told) - stored)
    yield from _say("claimed without a report", {one.key for one in found.stored if one.reference is None})
    yield from _say("stored and never sent", stored - set(account.sent))
    silent = stored - set(account.told) - set(account.unanswered)
    yield from _say("stored and not acknowledged, though there was an answer", silent)


def _doubled(account: Account, found: Found) -> Iterator[str]:
    keys, numbers = Counter(one.key for one in found.stored), Counter(one.reference for one in found.stored)
    yield from _say("stored twice", {key for key, count in keys.items() if count > 1})
    yield from _say("numbers given twice", {str(number) for number, count in numbers.items() if count > 1})
    chains = (one.key for one in found.stored if one.events != tuple(range(1, one.version + 1)))
    yield from _say("without one unbroken history", set(chains))
    yield from _say("received not once", {one.key for one in found.stored if one.received != 1})


def _told_wrongly(account: Account, found: Found) -> Iterator[str]:
    yield from _say("strange answers", set(account.strange))
    for one in found.stored:
        told = account.told.get(one.key, set())
        if wrong := {number for number in told if number != one.reference and _hash(number) != one.link}:
            yield f"{one.key} was told {sorted(wrong)}, and is {one.reference}"
        sent = account.sent.get(one.key)
        if sent is not None and one.key in account.told and sent.content != one.content:
            yield f"{one.key} says something else than was sent"


def _photos(account: Account, found: Found) -> Iterator[str]:
    for one in found.stored:
        sent = account.sent.get(one.key, Sent(one.key, "", "-"))
        wanted = () if sent.photo == "-" else (sent.photo,)
        if one.key in account.told and one.photos != wanted:
            yield f"{one.key} has {len(one.photos)} photos, or another one, where {len(wanted)} was acknowledged"
    yield from _say("photos missing", found.missing)
    yield from _say("photos damaged or half", found.damaged)


def _letters(found: Found, kills: int, *, has_mail: bool) -> Iterator[str]:
    rows = Counter((letter.event, letter.address) for letter in found.letters)
    yield from _say("letters written twice", {str(pair) for pair, count in rows.items() if count > 1})
    known = {letter.id: letter for letter in found.letters}
    came = [known[mail] for mail, _to in found.mails if mail in known]
    pairs = Counter((letter.event, letter.address) for letter in set(came))
    yield from _say(
        "letters that came under two ids", {str(pair) for pair, count in pairs.items() if count > 1}
    )
    again = len(came) - len(set(came))
    if again > 2 * kills:
        yield f"{again} letters came again under their own id, where {kills} kills explain {2 * kills}"
    if has_mail:
        sent = {letter.id for letter in found.letters if letter.state == "sent"}
        yield from _say("letters said to be sent that never came", sent - {letter.id for letter in came})
        wanting = {one.contact for one in found.stored if one.contact != "-"}
        yield from _say("reporters without their letter", wanting - {letter.address for letter in came})
        strangers = {mail for mail, to in found.mails if mail not in known and to.startswith("ana-")}
        yield from _say("letters that no row knows", strangers)


def came_again(found: Found) -> int:
    """Return how many letters to reporters came a second time under their own id."""
    ids = [mail for mail, to in found.mails if to.startswith("ana-")]
    return len(ids) - len(set(ids))


def _say(what: str, which: set[str]) -> Iterator[str]:
    if which:
        yield f"{len(which)} {what}: {', '.join(sorted(which)[:_SHOWN])}"


def _hash(number: str) -> str:
    return sha256(number.encode()).hexdigest()


def _stored(
    key: str, reference: str | None, link: str, category: str, latitude: float, longitude: float, *more: Any
) -> Stored:
    landmark, words, contact, version, events, received, photos = more
    if reference is None:
        return Stored(key, None)
    fields = {"category": category, "latitude": f"{latitude:.5f}", "longitude": f"{longitude:.5f}"}
    content = content_of({**fields, "landmark": landmark, "words": words, "contact": contact})
    return Stored(
        key, reference, link, content, version, tuple(events), received, tuple(photos), contact or "-"
    )


def _untrue(connection: psycopg.Connection[Any]) -> Iterator[str]:
    for what, query in UNTRUE.items():
        row = connection.execute(f"SELECT count(*) FROM ({query}) q".encode()).fetchone()
        if row and row[0]:
            yield f"{row[0]} {what}"
