"""A city's profile as commands take it: read and checked, or refused with every fault it has."""

from pathlib import Path

from cps.city.files import read
from cps.city.profile import Profile
from cps.city.reading.findings import Fault
from cps.city.reading.outlines import Boundaries
from cps.kernel.errors import Unusable
from cps.kernel.files import STATIC


def checked(folder: Path, *, boundaries: Boundaries | None = None) -> Profile:
    """Return the profile in a folder; raise Unusable that names every fault it has."""
    icons = {icon.stem for icon in STATIC.glob("icons/*.svg")}
    profile, faults = read(folder, icons=icons, boundaries=boundaries)
    if profile is None:
        raise Unusable(_told(folder, faults))
    return profile


def counted(number: int, one: str, many: str) -> str:
    """Say a number with its noun."""
    return f"{number} {one if number == 1 else many}"


def _told(folder: Path, faults: list[Fault]) -> str:
    return "\n".join(
        [*map(str, faults), f"The profile in {folder} has {counted(len(faults), 'fault', 'faults')}."]
    )
