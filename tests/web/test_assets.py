"""Icons: inline where they are seen at once, else from one picture that has all of them."""

from xml.etree import ElementTree as ET

from cps.kernel.files import STATIC
from cps.web import assets

SVG = "{http://www.w3.org/2000/svg}"


def test_an_icon_says_nothing_to_screen_readers_and_leaves_its_looks_to_the_styles(city):
    icon = assets.icon("pin")

    assert 'aria-hidden="true"' in icon
    assert "stroke" not in icon


def test_the_picture_of_all_icons_has_each_under_its_name(city):
    with city.test_request_context():
        address = assets.late_icon("tree")
    name = next((STATIC / "built").glob("icons.*.svg"))

    drawings = {group.get("id"): group for group in ET.parse(name).getroot().iter(f"{SVG}g")}

    assert f"{name.name}#tree" in address
    assert set(drawings) == {path.stem for path in (STATIC / "icons").glob("*.svg")}
    assert all(len(group) for group in drawings.values())
