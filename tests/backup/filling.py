"""`python -m tests.backup.filling`: Hanoi and three reports, one with a photo, in the installation that the settings name."""

import os
from pathlib import Path

from cps.app import create_app
from cps.city.load import load
from cps.console import migrating
from cps.console.checking import checked
from cps.kernel.db import db
from cps.kernel.files import CITIES
from cps.photos import album
from cps.settings import from_environment
from tests.makers import a_complaint, a_key, a_photo


def main() -> None:
    """Bring the database up to date, load the city, and file."""
    settings = from_environment(os.environ)
    assert settings.database_url is not None
    Path(settings.var).mkdir(exist_ok=True)
    with create_app(settings, database_url=settings.database_url).app_context():
        migrating.to_head()
        load(checked(CITIES / "hanoi"))
        db.session.commit()
        for words in ("Đèn đường không sáng", "Ổ gà lớn giữa đường"):
            a_complaint(words=words)
        key = a_key()
        album.keep(a_photo(), filename="lamp.jpg", submission_key=key)
        a_complaint(submission_key=key, words="Cây đổ chắn lối đi")


if __name__ == "__main__":
    main()
