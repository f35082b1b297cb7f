"""Names for officials who never were; the same seat always has the same one."""

from random import Random

_FAMILY_AND_MIDDLE = {
    "VN": (
        ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương", "Phan"),
        ("Thị", "Văn", "Thu", "Minh", "Đức", "Ngọc", "Thanh", "Quang", "Hồng", "Anh"),
    ),
}
_GIVEN = {
    "VN": (
        *("An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Hải", "Hạnh", "Hùng", "Lan", "Linh", "Long"),
        *("Mai", "Nam", "Nga", "Phương", "Quân", "Sơn", "Tâm", "Thảo", "Trang", "Tuấn", "Vân", "Yến"),
    ),
}
_ANYWHERE_GIVEN = ("Alex", "Dana", "Jo", "Kim", "Lee", "Mika", "Noor", "Robin", "Sam", "Toni")
_ANYWHERE_FAMILY = ("Abel", "Berg", "Costa", "Diaz", "Evans", "Khan", "Lind", "Moss", "Park", "Reyes")


def name_for(seat: str, country: str) -> str:
    """Return the name of whoever holds this seat (an e-mail address), as people are called there."""
    random = Random(seat)  # noqa: S311 - nothing secret hangs on a made-up name
    if country not in _GIVEN:
        return f"{random.choice(_ANYWHERE_GIVEN)} {random.choice(_ANYWHERE_FAMILY)}"
    families, middles = _FAMILY_AND_MIDDLE[country]
    return f"{random.choice(families)} {random.choice(middles)} {random.choice(_GIVEN[country])}"
