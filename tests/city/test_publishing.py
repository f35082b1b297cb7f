"""What a profile says about publishing: places told roughly, photos seen after a look."""

import pytest

from cps.city.files import read
from cps.city.stored import profile_of, settings_of
from tests.city import town


@pytest.fixture
def folder(tmp_path):
    return town.a_town(tmp_path / "town")


def _changed(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _with_places(folder, pothole, noise):
    path = folder / "categories.csv"
    header, *rows = path.read_text(encoding="utf-8").strip().split("\n")
    cells = [
        f"{header},place",
        *(f"{row},{place}" for row, place in zip(rows, (pothole, noise), strict=True)),
    ]
    path.write_text("\n".join(cells) + "\n", encoding="utf-8")


def test_places_are_exact_and_photos_seen_at_once_unless_the_profile_says_otherwise(folder):
    profile, _faults = read(folder, icons=town.ICONS)

    assert [category.is_rounded for category in profile.categories] == [False, False]
    assert profile.limits.photos_wait is False


def test_a_category_may_have_its_places_told_roughly(folder):
    _with_places(folder, "rounded", "exact")

    profile, faults = read(folder, icons=town.ICONS)

    assert faults == []
    assert [category.is_rounded for category in profile.categories] == [True, False]


def test_another_word_for_a_place_is_a_fault(folder):
    _with_places(folder, "secret", "")

    _profile, faults = read(folder, icons=town.ICONS)

    assert ["'place' is 'secret'" in str(fault) for fault in faults] == [True]


@pytest.mark.parametrize(("rule", "waits"), [("at once", False), ("after a look", True)])
def test_the_rule_for_photos_is_kept_with_the_city(folder, rule, waits):
    _changed(folder, "city.toml", "answer_days = 5\n", f'answer_days = 5\nphotos_public = "{rule}"\n')

    profile, faults = read(folder, icons=town.ICONS)

    assert faults == []
    assert profile.limits.photos_wait is waits
    parts = {name: getattr(profile, name) for name in ("departments", "areas", "categories", "rules")}
    assert profile_of(profile.code, settings_of(profile), **parts).limits == profile.limits


def test_another_rule_for_photos_is_a_fault(folder):
    _changed(folder, "city.toml", "answer_days = 5\n", 'answer_days = 5\nphotos_public = "never"\n')

    _profile, faults = read(folder, icons=town.ICONS)

    assert ["'photos_public' is 'never'" in str(fault) for fault in faults] == [True]
