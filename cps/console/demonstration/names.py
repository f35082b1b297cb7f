"""Names for officials who never were; the same seat always has the same one."""

from collections.abc import Mapping, Sequence
from random import Random

_FAMILY = {
    "VN": ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương", "Phan"),
    "KR": ("김", "이", "박", "최", "정", "강", "조", "윤", "장", "임", "한", "오"),
    "NP": ("श्रेष्ठ", "महर्जन", "शाक्य", "तामाङ", "अधिकारी", "खड्का", "थापा", "राई", "गुरुङ", "डंगोल"),
    "PH": ("Santos", "Reyes", "Cruz", "Garcia", "Mendoza", "Torres", "Flores", "Ramos", "Aquino", "Dizon"),
}
_MIDDLE = {"VN": ("Thị", "Văn", "Thu", "Minh", "Đức", "Ngọc", "Thanh", "Quang", "Hồng", "Anh")}
_GIVEN = {
    "VN": (
        *("An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Hải", "Hạnh", "Hùng", "Lan", "Linh", "Long"),
        *("Mai", "Nam", "Nga", "Phương", "Quân", "Sơn", "Tâm", "Thảo", "Trang", "Tuấn", "Vân", "Yến"),
    ),
    "KR": ("민수", "지영", "현우", "수진", "영호", "은정", "성민", "미경", "준호", "혜진", "동현", "유진"),
    "NP": ("सीता", "राम", "सुनिता", "विकास", "अनिता", "प्रकाश", "सरिता", "सुरेश", "गीता", "दिपक"),
    "PH": ("Maria", "Jose", "Ana", "Juan", "Liza", "Ramon", "Grace", "Carlo", "Rosa", "Miguel"),
}
_ANYWHERE_GIVEN = ("Alex", "Dana", "Jo", "Kim", "Lee", "Mika", "Noor", "Robin", "Sam", "Toni")
_ANYWHERE_FAMILY = ("Abel", "Berg", "Costa", "Diaz", "Evans", "Khan", "Lind", "Moss", "Park", "Reyes")


def name_for(seat: str, country: str) -> str:
    """Return the name of whoever holds this seat (an e-mail address), as people are called there."""
    random = Random(seat)  # noqa: S311 - nothing secret hangs on a made-up name
    match country:
        case "VN":
            return " ".join(_one(random, _FAMILY, _MIDDLE, _GIVEN, country="VN"))
        case "KR":
            return "".join(_one(random, _FAMILY, _GIVEN, country="KR"))
        case "NP" | "PH":
            return " ".join(_one(random, _GIVEN, _FAMILY, country=country))
        case _:
            return f"{random.choice(_ANYWHERE_GIVEN)} {random.choice(_ANYWHERE_FAMILY)}"


def _one(random: Random, *parts: Mapping[str, Sequence[str]], country: str) -> list[str]:
    return [random.choice(part[country]) for part in parts]
