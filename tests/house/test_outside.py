"""Time, chance, mail and files come from one place each, so that a test can hold them; whoever reaches past it says why here."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

CPS = Path(__file__).resolve().parents[2] / "cps"

# What reaches outside: calls by module and name; a module alone is any of its names.
_REACHES = {
    "time.time": "moment",
    "time.sleep": "sleep",
    "time.monotonic": "span",
    "time.perf_counter": "span",
    "time.clock_gettime": "span",
    "datetime.now": "moment",
    "datetime.utcnow": "moment",
    "datetime.today": "moment",
    "date.today": "moment",
    "random": "chance",
    "secrets": "secret",
    "uuid4": "secret",
    "uuid1": "secret",
    "os.urandom": "secret",
    "smtplib": "mail",
}

# Why each is all right. `span`: how long something took, or how long to be patient, by a clock that nobody can set; no
# test needs to hold it. `secret`: nobody can foresee it, which is what it is for; keys of forms, with which a retry is the
# same, come from the form. `chance`: drawn from a seed of its own.
TABLE = {
    ("moment", "kernel/clock.py"): "the one place",
    ("span", "kernel/clock.py"): "what has passed since the database said what time it is",
    (
        "moment",
        "photos/storage.py",
    ): "the age of a file: a fact of the disk, against the machine's clock that dated it",
    ("moment", "photos/bucket.py"): "the age of an object, as of a file",
    ("moment", "people/attempts.py"): "when the count of nothing ends, as its package wants to be told",
    ("moment", "health/ways.py"): "how long a certificate is good, by the clock browsers have",
    ("span", "city/queries.py"): "how long a picture of the city is trusted",
    ("span", "complaints/atlas.py"): "how long an atlas is trusted",
    ("span", "complaints/queue_counts.py"): "how long counts are trusted",
    ("span", "suggesting/queries.py"): "how long a model is trusted",
    ("span", "geo/geocoding.py"): "how long a geocoder that is silent is left alone",
    ("span", "health/kept.py"): "how long a look is trusted",
    ("span", "health/store.py"): "how long an answer took",
    ("span", "web/admission.py"): "how long somebody waited, and when a crowd was there last",
    ("span", "console/serve.py"): "how long a request waited for a thread",
    ("span", "health/photos.py"): "how long an answer took",
    ("span", "kernel/replica.py"): "how far behind a replica is",
    ("span", "people/attempts.py"): "how long counting is left alone when it failed",
    ("span", "photos/bucket.py"): "how long a bucket that is silent is left alone",
    ("span", "web/watching.py"): "how long a request took",
    ("span", "console/work.py"): "how long a job took",
    ("span", "console/newcity/smoke.py"): "how long each step took",
    ("span", "console/supervisor.py"): "patience with processes",
    ("span", "kernel/postgres_cluster.py"): "patience with the private cluster",
    ("span", "photos/decode.py"): "patience with a picture",
    ("span", "backup/drill.py"): "how long a drill took",
    ("span", "backup/mark.py"): "patience with the archive",
    ("span", "backup/scratch.py"): "patience with a scratch cluster",
    ("secret", "city/load.py"): "the key of the city's numbers, drawn once",
    ("secret", "settings.py"): "the installation's key, drawn once",
    ("secret", "notify/codes.py"): "a code",
    ("secret", "notify/tasks.py"): "the number of a letter; its row is unique by event, channel and address",
    ("secret", "photos/models.py"): "the name of a photo in addresses",
    ("secret", "photos/bucket.py"): "what a bucket is tried out with",
    ("secret", "people/sessions.py"): "the number of a session",
    ("secret", "web/watching.py"): "the number of a request",
    ("secret", "web/compression.py"): "padding",
    ("secret", "web/forms.py"): "the key of a form that came without one",
    ("secret", "desk/intake.py"): "the key of a new form",
    ("secret", "desk/field_outcomes.py"): "the key of a new form",
    ("secret", "citizen/reports.py"): "the key of a new form",
    ("secret", "citizen/complaints.py"): "the key of a new form",
    ("secret", "backup/mark.py"): "the name of a mark",
    ("secret", "console/people.py"): "a first password",
    ("secret", "console/demonstration/accounts.py"): "passwords of a demo",
    ("secret", "console/demonstration/copying.py"): "keys of reports of a demo",
    ("secret", "console/demonstration/cases/stage.py"): "keys of reports of a demo",
    ("chance", "console/demonstration"): "made-up lives, each from a seed",
    (
        "chance",
        "web/admission.py",
    ): "who is turned away shall not come again at the same moment as all others",
    ("sleep", "console/migrating.py"): "patience with a lock, before a migration is tried again",
    ("sleep", "kernel/postgres_cluster.py"): "patience with the private cluster",
    ("sleep", "backup/mark.py"): "patience with the archive",
    ("sleep", "backup/scratch.py"): "patience with a scratch cluster",
    ("mail", "observe/faults.py"): "the errors of mail, which it has names for; nothing is sent",
    ("mail", "notify/channels.py"): "the way out by mail; tests give it a server",
}


def test_whoever_reaches_past_the_clock_chance_and_mail_of_the_house_is_known_with_a_reason():
    found = set(_found())

    assert sorted(found - set(TABLE)) == []
    assert sorted(set(TABLE) - found) == []  # what is no more needs no reason


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import time\ntime.time()", {"moment"}),
        ("from time import time\ntime()", {"moment"}),
        ("from datetime import datetime\ndatetime.now()", {"moment"}),
        ("import datetime as d\nd.datetime.now()", {"moment"}),
        ("import random\nrandom.choice([1])", {"chance"}),
        ("from uuid import uuid4\nuuid4()", {"secret"}),
        ("import uuid\nuuid.uuid4()", {"secret"}),
        ("from secrets import token_hex", {"secret"}),
        ("import smtplib as s", {"mail"}),
        ("from cps.kernel import clock\nclock.now()", set()),
    ],
)
def test_every_way_to_write_it_is_seen(code, expected):
    assert set(_kinds(ast.parse(code))) == expected


def _found() -> Iterator[tuple[str, str]]:
    for file in sorted(CPS.rglob("*.py")):
        place = file.relative_to(CPS).as_posix()
        for kind in set(_kinds(ast.parse(file.read_text(encoding="utf-8")))):
            is_drawn = kind == "chance" and place.startswith("console/demonstration/")
            yield kind, "console/demonstration" if is_drawn else place


def _kinds(tree: ast.AST) -> Iterator[str]:
    modules = {name for name in _REACHES if "." not in name}
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name in modules]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            names += [alias.name for alias in node.names if node.module == "uuid"]
            names += [node.module] if node.module in modules else []
        elif isinstance(node, ast.Attribute):
            names = [
                f"{_last(node.value)}.{node.attr}",
                *([node.attr] if _last(node.value) == "uuid" else []),
            ]
        yield from (_REACHES[name] for name in names if name in _REACHES)


def _last(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
