"""A small town of two areas in one valid profile, written to a folder, and ways to spoil it."""

import json
from pathlib import Path

LETTERS = {
    "received": "{no} {dept} {date} {link}",
    "transferred": "{no} {dept} {reason}",
    "transferred_outside": "{no} {dept} {reason}",
    "returned": "{no} {dept} {reason}",
    "asked": "{no} {question}",
    "resolved": "{no} {action}",
    "declined": "{no} {reason} {remedy}",
    "reopened": "{no}",
    "started": "{no} {category}",
    "withdrawn": "{no} {city}",
    "paused": "{no} {reason}",
    "planned": "{no} {planned}",
    "replanned": "{no} {planned} {old}",
    "unplanned": "{no} {old}",
    "resumed": "{no} {date}",
    "categorised": "{no} {category} {date}",
    "joined": "{no} {lead}",
    "merged": "{no} {lead}",
    "parted": "{no} {lead} {date}",
    "code": "{code} {minutes}",
    "extended": "{no} {date} {old} {reason}",
    "progress": "{no} {date} {status}",
}

CITY = """\
code = "town"
country = "VN"
time_zone = "Asia/Ho_Chi_Minh"
languages = ["vi", "en"]

[name]
vi = "Thị trấn"
en = "Town"

[map]
latitude = 21.05
longitude = 105.1
zoom = 12

[place]
tolerance_m = 500

[place.outside]
vi = "xã bên"
en = "the next town"

[contact]
phone = "1022"
email = "hello@town.example"
[contact.text]
vi = "Gọi 1022."
en = "Call 1022."

[reports]
photos = 3
words = 2000
reopen_days = 30
answer_days = 5

[[emergency]]
number = "113"
[emergency.name]
vi = "Công an"
en = "Police"

[[emergency]]
number = "114"
[emergency.name]
vi = "Cứu hỏa"
en = "Fire"
"""

CALENDAR = """\
[holidays]
country = "VN"
subdivision = ""

[[week]]
from = 2020-01-01
monday = ["08:00-12:00", "13:00-17:00"]
tuesday = ["08:00-12:00", "13:00-17:00"]
wednesday = ["08:00-12:00", "13:00-17:00"]
thursday = ["08:00-12:00", "13:00-17:00"]
friday = ["08:00-12:00", "13:00-17:00"]
saturday = []
sunday = []

[[closure]]
date = 2026-01-02
[closure.name]
vi = "Nghỉ"
en = "Day off"

[[extra_working_day]]
date = 2026-01-10
like = "friday"

[[half_day]]
date = 2026-12-31
hours = ["08:00-12:00"]
"""

DEPARTMENTS = """\
code,parent,phone,email,name_vi,name_en
town-hall,,1022,hall@town.example,Ủy ban,Town hall
roads,town-hall,1022,roads@town.example,Đường bộ,Roads
west-office,town-hall,1022,west@town.example,Phường Tây,West office
"""

AREAS = """\
code,office,name_vi,name_en
west,west-office,Phường Tây,West Ward
east,,Xã Đông,East Commune
"""

CATEGORIES = """\
code,icon,promise,visibility,featured,name_vi,name_en,hint_vi,hint_en,keywords_vi,keywords_en
pothole,pothole,7 working days,public,yes,Ổ gà,Pothole,"Chụp gần, chụp xa","Near, and far",ổ gà;đường,hole;road
noise,noise,3 working days,private,no,Tiếng ồn,Noise,,,,
"""

ROUTING = """\
category,area,department
pothole,*,roads
noise,*,@office
noise,*,town-hall
*,*,town-hall
"""

WEST = [[105.0, 21.0], [105.1, 21.0], [105.1, 21.1], [105.0, 21.1], [105.0, 21.0]]
EAST = [[105.1, 21.0], [105.2, 21.0], [105.2, 21.1], [105.1, 21.1], [105.1, 21.0]]

ICONS = ("pothole", "noise")


def a_town(folder: Path) -> Path:
    """Write the valid profile."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "city.toml": CITY,
        "calendar.toml": CALENDAR,
        "departments.csv": DEPARTMENTS,
        "areas.csv": AREAS,
        "categories.csv": CATEGORIES,
        "routing.csv": ROUTING,
        "letters.toml": letters(),
        "areas.geojson": outlines({"code": "west", "approximate": True}, WEST, {"code": "east"}, EAST),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def letters() -> str:
    """Write every letter in both languages: five lines each, the subject on the second."""
    return "\n".join(
        f'[{kind}.{language}]\nsubject = "{{city}}"\nbody = """\n{words}\n"""'
        for kind, words in LETTERS.items()
        for language in ("vi", "en")
    )


def outlines(*properties_and_rings: object) -> str:
    """Write features of one ring each; the first stands on line 2."""
    pairs = zip(properties_and_rings[::2], properties_and_rings[1::2], strict=True)
    features = [
        json.dumps(
            {
                "type": "Feature",
                "properties": properties,
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            },
            ensure_ascii=False,
        )
        for properties, ring in pairs
    ]
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(features) + "\n]}\n"


def spoil(folder: Path, file: str, before: str, after: str) -> None:
    """Replace a piece of a file that stands there once."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times in {file}"
    path.write_text(text.replace(before, after), encoding="utf-8")
