"""The public list of reports and its feed: which reports an address asks for, and how they are written.

The filters stand in the address, so that a list can be kept, sent and followed. What the city does not have
(an unknown area, a category nobody may see) is an address that does not exist.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from flask import render_template, request, url_for

from cps.city.queries import CityInForce
from cps.complaints import published, searching
from cps.complaints.lifecycle import STATUS_NAMES
from cps.complaints.published import Row, Standing, Wanted
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.errors import NotFound
from cps.kernel.text import Text, _, cleaned
from cps.photos import album
from cps.web import language, paging
from cps.web.chosen import Chosen
from cps.web.filters import says

DAYS: Final = {"week": 7, "month": 30, "quarter": 90, "year": 365}
PERIODS: Final = {
    "": _("Any time"),
    "week": _("Last 7 days"),
    "month": _("Last 30 days"),
    "quarter": _("Last 90 days"),
    "year": _("Last 12 months"),
}
STANDINGS: Final = {"": _("All"), "open": _("Not answered yet"), "answered": _("Answered")}
_LONGEST_SHOWN = 100


@dataclass(frozen=True)
class Filters(Chosen):
    """What an address asks for, as codes and words; empty is any."""

    category: str = ""
    area: str = ""
    status: str = ""
    period: str = ""
    q: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A report of the list in the words of the page; `photo`: the key of its first picture."""

    row: Row
    category: str
    icon: str
    place: str
    status: Text
    photo: str | None


def show() -> str:
    """Show a page of the list."""
    filters = asked()
    here = request.args
    page = published.page(
        wanted(filters), after=paging.read(here.get("after")), before=paging.read(here.get("before"))
    )
    return render_template(
        "citizen/listing.html",
        filters=filters,
        lines=lines(page.rows),
        newer=_beside(filters, "before", page.newer),
        older=_beside(filters, "after", page.older),
        is_nothing_sought=_is_nothing_sought(filters),
        standings=_standings(filters),
        periods=[(period, says(name)) for period, name in PERIODS.items()],
        categories=public_categories(),
        areas=language.city().areas_by_name(language.current()),
        title=title(filters),
        feed=address({**filters.chosen, "lang": language.current()}, "citizen.feed"),
    )


def asked() -> Filters:
    """Read the filters of this request's address; raise NotFound for what the city does not have."""
    args = request.args
    filters = Filters(
        category=args.get("category", ""),
        area=args.get("area", ""),
        status=args.get("status", ""),
        period=args.get("period", ""),
        q=" ".join(cleaned(args.get("q", "")).split())[:_LONGEST_SHOWN],
    )
    city = language.city()
    category = city.category(filters.category)
    is_known = (
        (not filters.category or (category is not None and category.is_public))
        and (not filters.area or city.area(filters.area) is not None)
        and filters.status in STANDINGS
        and filters.period in PERIODS
    )
    if not is_known:
        raise NotFound
    return filters


def wanted(filters: Filters) -> Wanted:
    """Return what these filters ask of the database."""
    city = language.city()
    days = DAYS.get(filters.period)
    return Wanted(
        category_id=city.category_ids.get(filters.category),
        area_id=city.area_ids.get(filters.area),
        standing=Standing(filters.status) if filters.status else None,
        since=clock.now() - timedelta(days=days) if days else None,
        sought=searching.sought(filters.q),
    )


def lines(rows: Sequence[Row]) -> list[Line]:
    """Put rows into words."""
    city, spoken = language.city(), language.current()
    photos = album.first_of([row.id for row in rows], for_everybody=True)
    return [
        Line(
            row=row,
            category=city.named(city.category_names[row.category_id], spoken),
            icon=city.category_icons[row.category_id],
            place=place_of(row, city, spoken),
            status=status_of(row.status),
            photo=photos[row.id].key if row.id in photos else None,
        )
        for row in rows
    ]


def place_of(row: Row, city: CityInForce, spoken: str) -> str:
    """Say where a report is, as far as everybody may know."""
    area = city.named(city.area_names[row.area_id], spoken) if row.area_id is not None else ""
    return " · ".join(part for part in (area, row.landmark) if part)


def public_categories() -> list[tuple[str, str]]:
    """List code and name of the categories that everybody may see."""
    city, spoken = language.city(), language.current()
    return [(c.code, city.named(c.names, spoken)) for c in city.profile.categories if c.is_public]


def title(filters: Filters) -> str:
    """Say what a list shows: category and area, or that it is all."""
    city, spoken = language.city(), language.current()
    category, area = city.category(filters.category), city.area(filters.area)
    parts = [city.named(thing.names, spoken) for thing in (category, area) if thing is not None]
    return " · ".join(parts) or says(_("Reports"))


def status_of(status: Status) -> Text:
    """Say how far a report has come, as everybody reads it."""
    return _("Waiting for the reporter") if status is Status.WAITING else STATUS_NAMES[status]


def _standings(filters: Filters) -> list[tuple[str, Text, bool]]:
    """Give address, words and whether it is the present one of each part of the list."""
    return [
        (address(replace(filters, status=status).chosen), name, status == filters.status)
        for status, name in STANDINGS.items()
    ]


def _beside(filters: Filters, way: str, place: published.Place | None) -> str | None:
    return address({**filters.chosen, way: paging.written(place) or ""}) if place else None


def address(chosen: Mapping[str, str], endpoint: str = "citizen.listing", *, is_whole: bool = False) -> str:
    """Return where the list or the feed with these filters is; `is_whole`: with the host."""
    values: dict[str, Any] = dict(chosen)  # as url_for is typed, a name could be one of its own
    return url_for(endpoint, **values, _external=is_whole)


def _is_nothing_sought(filters: Filters) -> bool:
    """Whether what was typed holds no letter and no digit, so that nothing can be found by it."""
    sought = searching.sought(filters.q)
    return sought is not None and sought.is_nothing
