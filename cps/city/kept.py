"""A whole profile as JSON, and back: what is to come into force later needs no files of its own by then."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from shapely.geometry import mapping, shape

from cps.city.place import Place, PlaceKind
from cps.city.profile import Area, Asset, Category, Department, Profile
from cps.city.promise import Promise
from cps.city.rule import Rule
from cps.city.stored import profile_of, settings_of
from cps.geo.point import Point


def as_json(profile: Profile) -> dict[str, Any]:
    """Return all that a checked profile says as JSON can say it; outlines as GeoJSON in WGS84."""
    return {
        "code": profile.code,
        "settings": settings_of(profile),
        "departments": [_department_as_json(department) for department in profile.departments],
        "areas": [_area_as_json(area) for area in profile.areas],
        "categories": [_category_as_json(category) for category in profile.categories],
        "rules": [rule.as_json() for rule in profile.rules],
        "assets": [
            {
                "owner": asset.owner,
                "names": dict(asset.names),
                "geometry": mapping(asset.geometry),
                "within_m": asset.within_m,
            }
            for asset in profile.assets
        ],
        "places": [_place_as_json(place) for place in profile.places] if profile.places is not None else None,
    }


def from_json(kept: Mapping[str, Any]) -> Profile:
    """Put a profile together again."""
    profile = profile_of(
        kept["code"],
        kept["settings"],
        departments=tuple(_department_from(said) for said in kept["departments"]),
        areas=tuple(_area_from(said) for said in kept["areas"]),
        categories=tuple(_category_from(said) for said in kept["categories"]),
        rules=tuple(Rule.from_json(said) for said in kept["rules"]),
        assets=tuple(Asset(**{**said, "geometry": shape(said["geometry"])}) for said in kept["assets"]),
    )
    places = kept.get("places")
    return replace(profile, places=tuple(map(_place_from, places)) if places is not None else None)


def _department_as_json(department: Department) -> dict[str, Any]:
    return {
        "code": department.code,
        "names": dict(department.names),
        "parent": department.parent,
        "phone": department.phone,
        "email": department.email,
        "is_outside": department.is_outside,
        **_days_as_json(department),
    }


def _department_from(said: Mapping[str, Any]) -> Department:
    return Department(**{**said, **_days_from(said)})


def _area_as_json(area: Area) -> dict[str, Any]:
    return {
        "code": area.code,
        "names": dict(area.names),
        "office": area.office,
        "polygon": mapping(area.polygon),
        "approximate": area.approximate,
        "group": area.group,
        **_days_as_json(area),
    }


def _area_from(said: Mapping[str, Any]) -> Area:
    return Area(**{**said, "polygon": shape(said["polygon"]), **_days_from(said)})


def _days_as_json(thing: Department | Area) -> dict[str, str | None]:
    return {
        "first_day": thing.first_day.isoformat() if thing.first_day else None,
        "last_day": thing.last_day.isoformat() if thing.last_day else None,
    }


def _days_from(said: Mapping[str, Any]) -> dict[str, date | None]:
    return {
        name: date.fromisoformat(said[name]) if said[name] else None for name in ("first_day", "last_day")
    }


def _category_as_json(category: Category) -> dict[str, Any]:
    return {
        "code": category.code,
        "names": dict(category.names),
        "hints": dict(category.hints),
        "keywords": {language: list(words) for language, words in category.keywords.items()},
        "icon": category.icon,
        "promise": str(category.promise),
        "is_public": category.is_public,
        "featured": category.featured,
        "acknowledge": str(category.acknowledge) if category.acknowledge else None,
        "is_rounded": category.is_rounded,
    }


def _category_from(said: Mapping[str, Any]) -> Category:
    return Category(
        **{
            **said,
            "keywords": {language: tuple(words) for language, words in said["keywords"].items()},
            "promise": Promise.parse(said["promise"]),
            "acknowledge": Promise.parse(said["acknowledge"]) if said["acknowledge"] else None,
        }
    )


def _place_as_json(place: Place) -> dict[str, Any]:
    return {
        "name": place.name,
        "other_names": list(place.other_names),
        "kind": place.kind.value,
        "latitude": place.point.latitude,
        "longitude": place.point.longitude,
        "area": place.area,
        "last_day": place.last_day.isoformat() if place.last_day else None,
    }


def _place_from(said: Mapping[str, Any]) -> Place:
    return Place(
        name=said["name"],
        other_names=tuple(said["other_names"]),
        kind=PlaceKind(said["kind"]),
        point=Point(said["latitude"], said["longitude"]),
        area=said["area"],
        last_day=date.fromisoformat(said["last_day"]) if said["last_day"] else None,
    )
