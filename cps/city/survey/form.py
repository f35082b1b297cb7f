"""What the survey of a new city asks: the sheets of the workbook, and the questions on the terminal.

One form for both: the workbook's sheets are made from it, read by it, and the guided questions are its columns.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cps.city.letters.words import DEFAULT_LANGUAGES
from cps.city.place import PlaceKind

LANGUAGES: Final = tuple(sorted(DEFAULT_LANGUAGES, key=lambda code: (code == "en", code)))
"""The languages CPS speaks; English stands last, as the second of most cities."""
AREA_OFFICE: Final = "area office"
"""As a department: the office of the area where the problem is."""
ROLES: Final = ("officer", "head", "coordinator", "auditor")
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
YES_NO: Final = ("yes", "no")


class Kind(StrEnum):
    """What may stand in a cell."""

    TEXT = "text"
    CODE = "code"
    PHONE = "phone"
    EMAIL = "email"
    DAY = "day"
    NUMBER = "number"
    HOURS = "hours"
    PROMISE = "promise"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Column:
    """One thing to fill in; `refers_to`: the sheet whose codes may stand here."""

    key: str
    title: str
    told: str
    example: str = ""
    kind: Kind = Kind.TEXT
    is_needed: bool = False
    choices: tuple[str, ...] = ()
    refers_to: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to fill in, a row for each thing; or questions with one answer each, if it `is_questions`."""

    key: str
    title: str
    told: str
    columns: tuple[Column, ...]
    is_questions: bool = False

    def column(self, key: str) -> Column:
        """Return the column with this key."""
        return next(column for column in self.columns if column.key == key)


_LANGUAGE_NAMES: Final = {
    "vi": "Vietnamese",
    "ko": "Korean",
    "fil": "Filipino",
    "ne": "Nepali",
    "en": "English",
}
_EXAMPLE_ROADS: Final = {
    "vi": "Phòng Giao thông",
    "ko": "도로과",
    "fil": "Tanggapan ng Kalsada",
    "ne": "सडक शाखा",
    "en": "Roads Office",
}


def _names(prefix: str, title: str, told: str, examples: dict[str, str] | None = None) -> tuple[Column, ...]:
    return tuple(
        Column(
            f"{prefix}_{language}",
            f"{title} ({_LANGUAGE_NAMES[language]})",
            f"{told} Only the languages of the city; the others stay empty.",
            (examples or {}).get(language, ""),
        )
        for language in LANGUAGES
    )


CITY: Final = Sheet(
    "city",
    "City",
    "One answer for each question, in the column Answer.",
    (
        Column(
            "code", "Code", "Short name for files: a-z, 0-9 and '-'. Never changes.", "hue", Kind.CODE, True
        ),
        Column(
            "country",
            "Country",
            "Two capital letters (ISO 3166). VN, KR, PH and NP bring their own usual values.",
            "VN",
            is_needed=True,
        ),
        Column(
            "languages",
            "Languages",
            f"Codes with commas, the one most people read first: {', '.join(LANGUAGES)}.",
            "vi, en",
        ),
        *_names("name", "Name", "The city's official name.", {"vi": "Thành phố Huế", "en": "Hue"}),
        Column("time_zone", "Time zone", "From the IANA list. Empty: the country's.", "Asia/Ho_Chi_Minh"),
        Column(
            "latitude",
            "Latitude",
            "Degrees north of the middle of the city. Needed unless there is a boundary file.",
            "16.4637",
            Kind.NUMBER,
        ),
        Column("longitude", "Longitude", "Degrees east of the middle of the city.", "107.5909", Kind.NUMBER),
        Column(
            "boundaries",
            "Boundary file",
            "Name of a GeoJSON, zipped Shapefile or GeoPackage beside this workbook. Empty: none yet.",
            "wards.geojson",
        ),
        *_names("area_kind", "An area is called", "What one area is called, if not a ward."),
        Column(
            "phone",
            "Phone",
            "The city's line for questions. A text: leading zeros count.",
            "1022",
            Kind.PHONE,
        ),
        Column("email", "E-mail", "The city's address for questions.", "hello@hue.example", Kind.EMAIL),
        *_names(
            "contact",
            "How to reach the city",
            "A sentence for citizens.",
            {"vi": "Gọi 1022.", "en": "Call 1022."},
        ),
        Column("address", "Address", "Where citizens can come in person.", "14 Lê Lợi"),
        Column(
            "front_desk",
            "Front desk",
            "Code of the department that takes whatever fits no rule. Empty: the first of the list.",
            "front-desk",
            Kind.CODE,
            refers_to="department",
        ),
    ),
    is_questions=True,
)

DEPARTMENTS: Final = Sheet(
    "department",
    "Departments",
    "Who answers reports: a row for each department, ward office or body outside the city.",
    (
        Column("code", "Code", "a-z, 0-9 and '-'. Never changes.", "example-roads", Kind.CODE, True),
        *_names("name", "Name", "The name as it stands in letters.", _EXAMPLE_ROADS),
        Column(
            "parent",
            "Above it",
            "Code of the department above it. Empty at the top.",
            "",
            Kind.CODE,
            refers_to="department",
        ),
        Column("phone", "Phone", "For citizens. A text: leading zeros count.", "0234 382 2000", Kind.PHONE),
        Column("email", "E-mail", "Where it gets mail about its reports.", "roads@hue.example", Kind.EMAIL),
        Column(
            "outside",
            "Outside the city",
            "yes for a utility, a national road office.",
            "no",
            Kind.CHOICE,
            choices=YES_NO,
        ),
    ),
)

CATEGORIES: Final = Sheet(
    "category",
    "Categories",
    "What citizens can report, in the order of the screen. Empty: what cities of the country usually take.",
    (
        Column("code", "Code", "a-z, 0-9 and '-'. Never changes.", "example-pothole", Kind.CODE, True),
        *_names("name", "Name", "Two or three words.", {"vi": "Ổ gà", "en": "Pothole"}),
        Column(
            "department",
            "Department",
            f"Code of the department that answers, or '{AREA_OFFICE}'. Empty: the front desk.",
            "roads",
            Kind.CODE,
            refers_to="department",
        ),
        Column(
            "urgent",
            "Urgent",
            "yes: the emergency numbers are shown first, and it is answered within hours.",
            "no",
            Kind.CHOICE,
            choices=YES_NO,
        ),
        Column(
            "promise",
            "Answered within",
            "A number of working days, or words: '8 working hours', '15 calendar days'.",
            "7",
            Kind.PROMISE,
        ),
        Column(
            "photos",
            "Photos needed",
            "How many photos prove it (parking: 2). Empty: none needed.",
            "",
            Kind.NUMBER,
        ),
        Column(
            "result_photo",
            "Photo afterwards",
            "yes: closed only with a photo of the result.",
            "no",
            Kind.CHOICE,
            choices=YES_NO,
        ),
        Column(
            "public",
            "Public",
            "yes: everybody may read it. no: about people.",
            "yes",
            Kind.CHOICE,
            choices=YES_NO,
        ),
        Column(
            "first_screen",
            "First screen",
            "yes: a tile on the first screen. Empty: the first eight.",
            "yes",
            Kind.CHOICE,
            choices=YES_NO,
        ),
        *_names("hint", "Hint", "One sentence on what to photograph or write."),
    ),
)

AREAS: Final = Sheet(
    "area",
    "Areas",
    "Wards, barangays, districts: a row for each. Empty: the whole city is one area.",
    (
        Column("code", "Code", "The official code, if there is one.", "example-phu-xuan", Kind.CODE, True),
        *_names("name", "Name", "As people write it.", {"vi": "Phường Phú Xuân", "en": "Phu Xuan"}),
        Column(
            "office",
            "Office",
            "Code of the department that is its own office. Empty: none.",
            "",
            Kind.CODE,
            refers_to="department",
        ),
        Column(
            "latitude",
            "Latitude",
            "Of its office or middle, where there is no boundary file: all areas or none.",
            "16.47",
            Kind.NUMBER,
        ),
        Column("longitude", "Longitude", "The same.", "107.58", Kind.NUMBER),
    ),
)

ROUTING: Final = Sheet(
    "rule",
    "Routing",
    "Exceptions only: the department of a category already stands in Categories.",
    (
        Column(
            "category",
            "Category",
            "Code of a category, or * for any.",
            "example-pothole",
            Kind.CODE,
            True,
            refers_to="category",
        ),
        Column("area", "Area", "Code of an area. Empty: anywhere.", "phu-xuan", Kind.CODE, refers_to="area"),
        Column(
            "department",
            "Department",
            f"Code of a department, or '{AREA_OFFICE}'.",
            "roads",
            Kind.CODE,
            True,
            refers_to="department",
        ),
        Column(
            "hours",
            "Hours",
            "office, closed, or hours like 22:00-06:00. Empty: always.",
            "closed",
        ),
    ),
)

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
        *_names(
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
        *_names("name", "Name", "Who answers.", {"vi": "Cấp cứu", "en": "Example: ambulance"}),
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
