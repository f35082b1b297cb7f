"""What is usual in a country, for whatever a survey leaves open: taken from the example profile of that country.

Only what holds in the whole country is taken, never what is the example city's own: no phone numbers but those of
emergency, no addresses, no days off of its own.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from holidays import list_supported_countries

from cps.city.files import read
from cps.city.profile import Emergency, Profile
from cps.kernel.errors import Unusable
from cps.kernel.files import CITIES

_EXAMPLES: Final = {"VN": "hanoi", "KR": "seoul", "PH": "san-fernando", "NP": "lalitpur"}
_OTHERS: Final = "template"
_OWN_NUMBERS: Final = {
    "hanoi": "1022",
    "seoul": "120",
}  # those of the other examples are lines of their whole country
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

FRONT_DESK: Final = {
    "en": "Front desk",
    "fil": "Public Assistance and Complaints Desk",
    "ko": "민원실",
    "ne": "नागरिक सहायता कक्ष",
    "vi": "Bộ phận tiếp nhận phản ánh",
}
WHOLE_CITY: Final = {
    "en": "Whole city",
    "fil": "Buong lungsod",
    "ko": "시 전체",
    "ne": "पूरै नगर",
    "vi": "Toàn thành phố",
}
CONTACT: Final = {
    "en": "Ask at the town hall.",
    "fil": "Magtanong sa city hall.",
    "ko": "시청 민원실에 문의해 주세요.",
    "ne": "नगरपालिकामा सोध्नुहोस्।",
    "vi": "Hãy hỏi tại UBND.",
}
OUTSIDE: Final = {
    "en": "the office of that place",
    "fil": "tanggapan ng lugar na iyon",
    "ko": "그 지역의 관공서",
    "ne": "त्यस ठाउँको कार्यालय",
    "vi": "UBND tại nơi đó",
}


@dataclass(frozen=True)
class Usual:
    """The example of a country: its profile, and its tables as they are written in the files."""

    name: str
    profile: Profile
    calendar: Mapping[str, Any]
    clocks: Mapping[str, Any]
    report: Mapping[str, Any]

    @property
    def is_of_the_country(self) -> bool:
        """Whether there is an example of this country, and not only the template."""
        return self.name != _OTHERS

    @property
    def own_number(self) -> str:
        """The number of the example city's own line, which nobody of another city shall call; empty if it has none."""
        return _OWN_NUMBERS.get(self.name, "")

    @property
    def emergencies(self) -> tuple[Emergency, ...]:
        """The emergency numbers of the country; none where there is no example."""
        if not self.is_of_the_country:
            return ()
        return tuple(one for one in self.profile.emergencies if one.number != self.own_number)

    def covers(self, languages: Sequence[str]) -> bool:
        """Whether its sentences are there in all these languages."""
        return set(languages) <= set(self.profile.languages)


@cache
def usual_in(country: str) -> Usual:
    """Return what is usual in a country; of one without example, what the template says."""
    name = _EXAMPLES.get(country, _OTHERS)
    folder = CITIES / name
    profile, faults = read(folder)
    if profile is None:
        raise Unusable(f"The example profile {name} has faults: {faults[0]}")
    calendar, clocks, report = (
        tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        for path in (folder / "calendar.toml", folder / "clocks.toml", folder / "report.toml")
    )
    return Usual(name, profile, _own_days_left_out(calendar, country), clocks, report)


def in_languages(value: Any, languages: Sequence[str], other: Sequence[str]) -> Any:
    """Return tables as they are, of which those by language keep only these; `other`: all an example has."""
    if isinstance(value, Mapping):
        if value and set(value) <= set(other):
            return {code: value[code] for code in languages if code in value}
        return {key: in_languages(item, languages, other) for key, item in value.items()}
    if isinstance(value, list):
        return [in_languages(item, languages, other) for item in value]
    return value


def _own_days_left_out(calendar: Mapping[str, Any], country: str) -> Mapping[str, Any]:
    """Keep the week and whose holidays count; the days off of one city or one year are its own."""
    kept: dict[str, Any] = {}
    if country in list_supported_countries():
        kept["holidays"] = {"country": country, "subdivision": ""}
    kept["week"] = [
        {key: week[key] for key in ("from", "to", "season", *_DAYS) if key in week}
        for week in calendar["week"]
    ]
    return kept
