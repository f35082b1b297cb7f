"""The database brought to the state this version needs, without the weight of what brings it there."""

import subprocess
import sys

from cps.kernel import schema
from cps.kernel.errors import Unusable


def ensure_current() -> None:
    """Bring the database up to date if it is not, in a process of its own that takes its memory along.

    One that is newer and works with this version is left alone: so a release is gone back to.
    """
    if schema.suits(schema.present()):
        return
    ended = subprocess.run([sys.executable, "-m", "cps", "database", "migrate"], check=False)
    if ended.returncode:
        raise Unusable("The database could not be brought up to date.")
