"""The TOML files of a surveyed city: what it is called, when it works, what it owes, what it asks."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from cps.city.survey.answers import Entry
from cps.city.survey.check import hours_of
from cps.city.survey.form import WEEKDAYS
from cps.city.survey.ground import Ground
from cps.city.survey.tables import Making, Table
from cps.city.survey.toml_text import toml
from cps.city.survey.usual import CONTACT, OUTSIDE, in_languages

CITY: Final = "city.toml"
CALENDAR: Final = "calendar.toml"
CLOCKS: Final = "clocks.toml"
REPORT: Final = "report.toml"
SAMPLE: Final = "sample"
"""The edition of a text of consent that nobody of the city has written yet."""

_REMARKS: Final = {
    "code": "a database holds one city and refuses another",
    "languages": "the first is the default",
    "zoom": "from 1 (world) to 19 (house)",
    "tolerance_m": "metres: how far outside the outlines a point still counts",
    "photos": "most photos of a report",
    "words": "most characters of a report",
    "reopen_days": "calendar days within which a closed report may be reopened",
    "answer_days": "calendar days within which the citizen is asked to answer a question",
}
_ALWAYS: Final = date(2020, 1, 1)
_WITH_CATEGORIES: Final = ("elsewhere", "recurring")


def city(making: Making, ground: Ground) -> str:
    """Write `city.toml`."""
    said, usual = making.answers.one("city"), making.usual.profile
    country = said["country"]
    if not said["time_zone"]:
        making.notes.assume(CITY, f"The time zone is {usual.time_zone}.")
    values: dict[str, Any] = {
        "code": said["code"],
        "country": country,
        "time_zone": said["time_zone"] or usual.time_zone,
        "languages": list(making.languages),
    }
    if usual.dates:
        values["dates"] = [calendar.value for calendar in usual.dates]
        making.notes.assume(CITY, f"Dates are written in {', '.join(values['dates'])}, too.")
    values["name"] = _by_language(making, said, "name", {})
    kinds = _area_kind(making, said)
    if kinds:
        values["area_kind"] = kinds
    values["map"] = {"latitude": ground.latitude, "longitude": ground.longitude, "zoom": ground.zoom}
    values["place"] = {"tolerance_m": ground.tolerance_m, "outside": _general(making, OUTSIDE)}
    values["contact"] = {
        "phone": said["phone"],
        "email": said["email"],
        "text": _contact(making, said),
    }
    limits = usual.limits
    values["reports"] = {
        "photos": max(
            limits.photos, *(int(float(row["photos"] or 0)) for row in making.answers.rows("category")), 0
        ),
        "words": limits.words,
        "reopen_days": limits.reopen_days,
        "answer_days": limits.answer_days,
    }
    emergencies = _emergencies(making)
    if emergencies:
        values["emergency"] = emergencies
    return f"# {_first(values['name'])}, from {making.answers.source}; README.md says what was assumed.\n{_remarked(toml(values))}"


def calendar(making: Making) -> str:
    """Write `calendar.toml`."""
    usual = making.usual
    values: dict[str, Any] = {key: value for key, value in usual.calendar.items() if key == "holidays"}
    values["week"] = _weeks(making)
    closures, extra = [], []
    for row in making.answers.rows("holiday"):
        day = date.fromisoformat(row["date"])
        if row["what"] == "closed":
            closures.append({"date": day, "name": _by_language(making, row, "name", {})})
        else:
            extra.append({"date": day, "like": row["like"]})
    if closures:
        values["closure"] = closures
    if extra:
        values["extra_working_day"] = extra
    if "holidays" in values:
        making.notes.assume(
            CALENDAR,
            "Public holidays are those the package `holidays` knows. Compare them with the decrees each year, "
            "then write `until` under [holidays].",
        )
    else:
        making.notes.assume(CALENDAR, "No public holidays are known for this country: list them as closures.")
    return f"# When the offices are open. The week and the holidays: see README.md.\n\n{toml(values)}"


def clocks(making: Making) -> str:
    """Write `clocks.toml`: what is usual in the country, in the languages of the city."""
    usual = making.usual
    values = dict(usual.clocks)
    if not usual.covers(making.languages):
        values = {key: value for key, value in values.items() if key not in ("priority", "objection")}
    elif "objection" in values:
        phone = making.answers.one("city")["phone"]
        values["objection"] = _own_phone(values["objection"], usual.own_number, phone)
    values = {key: value for key, value in values.items() if value is not None}
    values = in_languages(values, making.languages, usual.profile.languages)
    head = "# What the city owes beside the result of each report. What is not here holds as docs/city_profile.md says.\n"
    if values:
        making.notes.assume(
            CLOCKS, f"The periods of the example {usual.name}: an example of the law, not legal advice."
        )
    return f"{head}\n{toml(values)}" if values else head


def report(making: Making, categories: Table) -> str:
    """Write `report.toml`: what is asked, in the words of the country's example where they fit."""
    usual, codes = making.usual, [str(row[0]) for row in categories.rows]
    values: dict[str, Any] = {"reporter": {"contact": "optional", "name": "optional"}}
    if usual.report and usual.covers(making.languages):
        values |= _words_of(making, codes)
    elif usual.report:
        making.notes.assume(
            REPORT,
            "No consent and no words of danger: the country's example is not in all languages of this city.",
        )
    asked = [item for row in making.answers.rows("category") if (item := _asked(row, codes, making))]
    if asked:
        values["category"] = asked
    return f"# What is asked beside what and where. A native speaker and a lawyer read every word: see README.md.\n\n{toml(values)}"


def _words_of(making: Making, codes: Sequence[str]) -> dict[str, Any]:
    usual = making.usual
    theirs, own = usual.own_number, making.answers.one("city")["phone"]
    values = {
        key: usual.report[key]
        for key in ("consent", "emergency", "abuse", "recurring")
        if key in usual.report
    }
    elsewhere = [_own_phone(item, theirs, own) for item in usual.report.get("elsewhere", ())]
    values["elsewhere"] = [
        {**item, "categories": [code for code in item.get("categories", ()) if code in codes]}
        for item in elsewhere
        if item
    ]
    for item in values["elsewhere"]:
        if not item["categories"]:
            del item["categories"]
    if "consent" in values:
        consent = _own_phone({**values["consent"], "version": SAMPLE}, theirs, own)
        if consent is None:
            del values["consent"]
            making.notes.assume(
                REPORT, "No text of consent: the usual one names a phone number, and none is given."
            )
        else:
            values["consent"] = consent
            making.notes.assume(
                REPORT,
                f'The text of consent is a sample (version = "{SAMPLE}"): let a lawyer of the city write it, and give it a version.',
            )
    if "recurring" in values:
        without = [code for code in values["recurring"].get("without", ()) if code in codes]
        values["recurring"] = {**values["recurring"], "without": without}
    making.notes.assume(
        REPORT, f"Words of danger and abuse, and where else to go, are those of the example {usual.name}."
    )
    found: dict[str, Any] = in_languages(values, making.languages, usual.profile.languages)
    return found


def _own_phone(values: Mapping[str, Any], theirs: str, own: str) -> dict[str, Any] | None:
    """Put the city's own phone number for the example's; None if the words need one and there is none."""
    if not theirs or theirs not in str(values):
        return dict(values)
    return _replaced(dict(values), theirs, own) if own else None


def _replaced(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(item, old, new) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, old, new) for item in value]
    return value.replace(old, new) if isinstance(value, str) else value


def _asked(row: Entry, codes: Sequence[str], making: Making) -> dict[str, Any]:
    """Return what is asked about one kind of problem; nothing if nothing is."""
    item: dict[str, Any] = {}
    if row["urgent"] == "yes":
        item["emergency"] = True
    if row["result_photo"] == "yes":
        item["result_photo"] = True
    photos = int(float(row["photos"] or 0))
    fallback = next((code for code in ("other", *codes) if code in codes and code != row["code"]), None)
    if photos and fallback is not None and not _needs_photos(making, fallback):
        item["evidence"] = {"photos": photos, "fallback": fallback}
        making.notes.assume_of(
            row["code"], REPORT, f"Without its photos it is filed as '{fallback}' ({{codes}})."
        )
    elif photos:
        making.notes.assume_of(
            row["code"],
            REPORT,
            "Photos are not asked for: no other category takes a report without them ({codes}).",
        )
    return {"code": row["code"], **item} if item else {}


def _needs_photos(making: Making, code: str) -> bool:
    return any(row["code"] == code and row["photos"] for row in making.answers.rows("category"))


def _weeks(making: Making) -> list[dict[str, Any]]:
    said = making.answers.one("hours")
    if not any(said.cells.values()):
        making.notes.assume(CALENDAR, f"The week and its hours are those of the example {making.usual.name}.")
        weeks: list[dict[str, Any]] = making.usual.calendar["week"]
        return weeks
    usual = making.usual.calendar["week"][0]
    for day in WEEKDAYS:
        if not said[day]:
            making.notes.assume_of(day, CALENDAR, "Hours as usual in the country ({codes}).")
    return [{"from": _ALWAYS, **{day: hours_of(said[day]) if said[day] else usual[day] for day in WEEKDAYS}}]


def _emergencies(making: Making) -> list[dict[str, Any]]:
    rows = making.answers.rows("emergency")
    if rows:
        return [{"number": row["number"], "name": _by_language(making, row, "name", {})} for row in rows]
    usual = making.usual.emergencies
    if not usual:
        making.notes.assume(CITY, "No emergency numbers: CPS knows none of this country.")
        return []
    numbers = ", ".join(emergency.number for emergency in usual)
    making.notes.assume(CITY, f"Emergency numbers: {numbers}. Call each once before citizens do.")
    return [{"number": one.number, "name": _in_all(making, one.names, one.number)} for one in usual]


def _area_kind(making: Making, said: Entry) -> dict[str, str]:
    if any(said[f"area_kind_{language}"] for language in making.languages):
        return _by_language(making, said, "area_kind", {})
    usual = making.usual.profile
    return (
        dict(in_languages(usual.area_kind, making.languages, usual.languages))
        if making.usual.covers(making.languages)
        else {}
    )


def _contact(making: Making, said: Entry) -> dict[str, str]:
    general = {language: CONTACT[language] for language in making.languages}
    if any(said[f"contact_{language}"] for language in making.languages):
        sentences = _by_language(making, said, "contact", {})
    else:
        making.notes.assume(CITY, "How to reach the city is said in a general sentence.")
        sentences = general
    address = said["address"]
    return {language: f"{text} {address}".strip() for language, text in sentences.items()}


def _general(making: Making, words: Mapping[str, str]) -> dict[str, str]:
    making.notes.assume(CITY, "Whom to contact for places outside is said in general words.")
    return {language: words[language] for language in making.languages}


def _in_all(making: Making, names: Mapping[str, str], fallback: str) -> dict[str, str]:
    return {language: names.get(language) or names.get("en") or fallback for language in making.languages}


def _by_language(making: Making, entry: Entry, prefix: str, also: Mapping[str, str]) -> dict[str, str]:
    return making.notes.names(entry, prefix, making.languages, CITY, also)


def _first(names: Mapping[str, str]) -> str:
    return next(iter(names.values()))


def _remarked(text: str) -> str:
    """Put the remarks behind the keys they are about."""
    lines = []
    for line in text.splitlines():
        remark = _REMARKS.get(line.partition(" = ")[0])
        lines.append(f"{line} # {remark}" if remark and " = " in line else line)
    return "\n".join(lines) + "\n"
