"""Who gets an account, kept in a file of its own beside the profile: names and addresses are personal data."""

import csv
from io import StringIO
from typing import Final

from cps.city.survey.answers import Answers

FILE: Final = "officials.csv"
COLUMNS: Final = ("name", "email", "role", "department")


def officials(answers: Answers) -> str:
    """Write the officials; empty if there are none."""
    rows = answers.rows("official")
    if not rows:
        return ""
    written = StringIO(newline="")
    table = csv.writer(written, lineterminator="\n")
    table.writerows([COLUMNS, *([row[key] for key in COLUMNS] for row in rows)])
    return written.getvalue()
