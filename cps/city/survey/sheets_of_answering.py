"""The sheets about who answers: the city, its departments, what can be reported, where, and the exceptions."""

from typing import Final

from cps.city.survey.form import AREA_OFFICE, EXAMPLE_ROADS, LANGUAGES, Column, Kind, Sheet, names, yes_or_no

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
        *names("name", "Name", "The city's official name.", {"vi": "Thành phố Huế", "en": "Hue"}),
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
        *names("area_kind", "An area is called", "What one area is called, if not a ward."),
        Column(
            "phone",
            "Phone",
            "The city's line for questions. A text: leading zeros count.",
            "1022",
            Kind.PHONE,
        ),
        Column("email", "E-mail", "The city's address for questions.", "hello@hue.example", Kind.EMAIL),
        *names(
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
        *names("name", "Name", "The name as it stands in letters.", EXAMPLE_ROADS),
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
        yes_or_no("outside", "Outside the city", "yes for a utility, a national road office.", "no"),
    ),
)

CATEGORIES: Final = Sheet(
    "category",
    "Categories",
    "What citizens can report, in the order of the screen. Empty: what cities of the country usually take.",
    (
        Column("code", "Code", "a-z, 0-9 and '-'. Never changes.", "example-pothole", Kind.CODE, True),
        *names("name", "Name", "Two or three words.", {"vi": "Ổ gà", "en": "Pothole"}),
        Column(
            "department",
            "Department",
            f"Code of the department that answers, or '{AREA_OFFICE}'. Empty: the front desk.",
            "roads",
            Kind.CODE,
            refers_to="department",
        ),
        yes_or_no(
            "urgent",
            "Urgent",
            "yes: the emergency numbers are shown first, and it is answered within hours.",
            "no",
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
        yes_or_no("result_photo", "Photo afterwards", "yes: closed only with a photo of the result.", "no"),
        yes_or_no("public", "Public", "yes: everybody may read it. no: about people.", "yes"),
        yes_or_no(
            "first_screen", "First screen", "yes: a tile on the first screen. Empty: the first eight.", "yes"
        ),
        *names("hint", "Hint", "One sentence on what to photograph or write."),
    ),
)

AREAS: Final = Sheet(
    "area",
    "Areas",
    "Wards, barangays, districts: a row for each. Empty: the whole city is one area.",
    (
        Column("code", "Code", "The official code, if there is one.", "example-phu-xuan", Kind.CODE, True),
        *names("name", "Name", "As people write it.", {"vi": "Phường Phú Xuân", "en": "Phu Xuan"}),
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
