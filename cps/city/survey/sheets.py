"""What the survey of a new city asks: the sheets of the workbook, and the questions on the terminal.

One form for both: the workbook's sheets are made from it, read by it, and the guided questions are its columns.
"""

from typing import Final

from cps.city.place import PlaceKind
from cps.city.survey.form import ROLES, WEEKDAYS, Column, Kind, Sheet, names
from cps.city.survey.sheets_of_answering import AREAS, CATEGORIES, CITY, DEPARTMENTS, ROUTING

HOURS: Final = Sheet(
    "hours",
    "Working hours",
    "When the offices are open, like 08:00-12:00, 13:00-17:00; closed for a day off. Empty: as usual in the country.",
    tuple(
        Column(
            day,
            day.capitalize(),
            "Hours with commas, or closed.",
            "closed" if day in ("saturday", "sunday") else "08:00-12:00, 13:00-17:00",
            Kind.HOURS,
        )
        for day in WEEKDAYS
    ),
    is_questions=True,
)

HOLIDAYS: Final = Sheet(
    "holiday",
    "Holidays",
    "Only what is special here: public holidays of the country are known.",
    (
        Column(
            "what",
            "What",
            "closed: a day off of the city. worked: a day worked in place of another.",
            "closed",
            Kind.CHOICE,
            True,
            choices=("closed", "worked"),
        ),
        Column("date", "Date", "A date, or like 2027-01-09.", "2027-03-26", Kind.DAY, True),
        Column(
            "like",
            "Hours of",
            "For worked: the weekday whose hours it has.",
            "",
            Kind.CHOICE,
            choices=WEEKDAYS,
        ),
        *names(
            "name", "Why", "For closed: what it is.", {"vi": "Ngày giải phóng", "en": "Example: city day"}
        ),
    ),
)

EMERGENCY: Final = Sheet(
    "emergency",
    "Emergency numbers",
    "Numbers to call instead of reporting. Empty: those of the country.",
    (
        Column("number", "Number", "As it is dialled.", "115", Kind.PHONE, True),
        *names("name", "Name", "Who answers.", {"vi": "Cấp cứu", "en": "Example: ambulance"}),
    ),
)

OFFICIALS: Final = Sheet(
    "official",
    "Officials",
    "Who gets an account. Kept apart from the profile, because these are personal data.",
    (
        Column("name", "Name", "As colleagues see it.", "Example: Nguyễn Thị Hoa", is_needed=True),
        Column("email", "E-mail", "To sign in with.", "hoa@hue.example", Kind.EMAIL, True),
        Column(
            "role",
            "Role",
            "officer works on reports, head leads a department, coordinator the whole city, auditor looks on.",
            "officer",
            Kind.CHOICE,
            True,
            choices=ROLES,
        ),
        Column(
            "department",
            "Department",
            "Code; empty for auditors.",
            "roads",
            Kind.CODE,
            refers_to="department",
        ),
    ),
)

PLACES: Final = Sheet(
    "place",
    "Places",
    "Landmarks, streets and neighbourhoods people name when they say where something is.",
    (
        Column("name", "Name", "As people say it.", "Example: Chợ Đông Ba", is_needed=True),
        Column(
            "other_names", "Other names", "Old ones, other languages; with ; between them.", "Dong Ba market"
        ),
        Column(
            "kind",
            "Kind",
            "What it is.",
            "landmark",
            Kind.CHOICE,
            choices=(PlaceKind.STREET.value, PlaceKind.LANDMARK.value, PlaceKind.LOCALITY.value),
        ),
        Column("latitude", "Latitude", "Degrees north.", "16.4726", Kind.NUMBER, True),
        Column("longitude", "Longitude", "Degrees east.", "107.5886", Kind.NUMBER, True),
    ),
)

SHEETS: Final = (
    CITY,
    DEPARTMENTS,
    CATEGORIES,
    AREAS,
    ROUTING,
    HOURS,
    HOLIDAYS,
    EMERGENCY,
    OFFICIALS,
    PLACES,
)


def sheet(key: str) -> Sheet:
    """Return the sheet with this key."""
    return next(one for one in SHEETS if one.key == key)
