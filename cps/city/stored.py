"""The profile's settings as JSON, and back: everything that has no table of its own."""

from datetime import date, time
from typing import Any

from cps.city.calendar import Calendar, Closure, ExtraDay, HalfDay, Hours, WeekPattern
from cps.city.clocks import Clocks, Objection, Priority, Rung
from cps.city.profile import (
    Area,
    AreaGroup,
    Asset,
    Category,
    Contact,
    Department,
    Emergency,
    LetterText,
    Limits,
    MapView,
    Profile,
)
from cps.city.promise import Promise
from cps.city.rule import Rule
from cps.city.season import Season
from cps.city.stored_asking import asks_as_json, asks_from
from cps.kernel.dates import OtherCalendar


def settings_of(profile: Profile) -> dict[str, Any]:
    """Return the profile's settings as JSON can say them."""
    return {
        "country": profile.country,
        "time_zone": profile.time_zone,
        "languages": list(profile.languages),
        "names": dict(profile.names),
        "map": {
            "latitude": profile.map.latitude,
            "longitude": profile.map.longitude,
            "zoom": profile.map.zoom,
        },
        "tolerance_m": profile.tolerance_m,
        "outside": dict(profile.outside),
        "contact": {
            "phone": profile.contact.phone,
            "email": profile.contact.email,
            "texts": dict(profile.contact.texts),
        },
        "limits": {
            "photos": profile.limits.photos,
            "words": profile.limits.words,
            "reopen_days": profile.limits.reopen_days,
            "answer_days": profile.limits.answer_days,
            "photos_wait": profile.limits.photos_wait,
        },
        "emergencies": [{"number": e.number, "names": dict(e.names)} for e in profile.emergencies],
        "calendar": _calendar_as_json(profile.calendar),
        "letters": {
            kind: {language: {"subject": text.subject, "body": text.body} for language, text in texts.items()}
            for kind, texts in profile.letters.items()
        },
        "clocks": _clocks_as_json(profile.clocks),
        "groups": [{"code": g.code, "names": dict(g.names), "parent": g.parent} for g in profile.groups],
        "dates": list(profile.dates),
        "area_kind": dict(profile.area_kind),
        "asks": asks_as_json(profile.asks),
    }


def profile_of(
    code: str,
    settings: dict[str, Any],
    *,
    departments: tuple[Department, ...],
    areas: tuple[Area, ...],
    categories: tuple[Category, ...],
    rules: tuple[Rule, ...],
    assets: tuple[Asset, ...] = (),
) -> Profile:
    """Put the profile together again from `settings_of` and the rows of the tables."""
    return Profile(
        code=code,
        country=settings["country"],
        time_zone=settings["time_zone"],
        languages=tuple(settings["languages"]),
        names=settings["names"],
        map=MapView(**settings["map"]),
        tolerance_m=settings["tolerance_m"],
        outside=settings["outside"],
        contact=Contact(**settings["contact"]),
        limits=Limits(**settings["limits"]),
        emergencies=tuple(Emergency(**emergency) for emergency in settings["emergencies"]),
        departments=departments,
        areas=areas,
        categories=categories,
        rules=rules,
        calendar=_calendar_from(settings["calendar"]),
        letters={
            kind: {language: LetterText(**text) for language, text in texts.items()}
            for kind, texts in settings["letters"].items()
        },
        clocks=_clocks_from(settings["clocks"]) if "clocks" in settings else Clocks(),
        groups=tuple(AreaGroup(**group) for group in settings.get("groups", ())),
        assets=assets,
        dates=tuple(OtherCalendar(name) for name in settings.get("dates", ())),
        area_kind=settings.get("area_kind", {}),
        asks=asks_from(settings.get("asks")),
    )


def _clocks_as_json(clocks: Clocks) -> dict[str, Any]:
    return {
        "acknowledge": str(clocks.acknowledge),
        "transfer_inside": str(clocks.transfer_inside),
        "transfer_outside": str(clocks.transfer_outside),
        "bounces": clocks.bounces,
        "extensions": clocks.extensions,
        "pauses": {reason: str(cap) for reason, cap in clocks.pauses.items()},
        "priorities": [
            {
                "code": p.code,
                "names": dict(p.names),
                "resolve": str(p.resolve),
                "acknowledge": str(p.acknowledge),
            }
            for p in clocks.priorities
        ],
        "ladder": [
            {"to": rung.to, "percent": rung.percent, "late": str(rung.late) if rung.late else None}
            for rung in clocks.ladder
        ],
        "progress": str(clocks.progress) if clocks.progress else None,
        "digest_at": clocks.digest_at.isoformat("minutes") if clocks.digest_at else None,
        "emails": dict(clocks.emails),
        "objection": _objection_as_json(clocks.objection) if clocks.objection else None,
    }


def _objection_as_json(objection: Objection) -> dict[str, Any]:
    return {
        "within": str(objection.within),
        "answer": str(objection.answer),
        "texts": dict(objection.texts),
    }


def _clocks_from(stored: dict[str, Any]) -> Clocks:
    return Clocks(
        acknowledge=Promise.parse(stored["acknowledge"]),
        transfer_inside=Promise.parse(stored["transfer_inside"]),
        transfer_outside=Promise.parse(stored["transfer_outside"]),
        bounces=stored["bounces"],
        extensions=stored["extensions"],
        pauses={reason: Promise.parse(cap) for reason, cap in stored["pauses"].items()},
        priorities=tuple(
            Priority(p["code"], p["names"], Promise.parse(p["resolve"]), Promise.parse(p["acknowledge"]))
            for p in stored["priorities"]
        ),
        ladder=tuple(
            Rung(r["to"], r["percent"], Promise.parse(r["late"]) if r["late"] else None)
            for r in stored["ladder"]
        ),
        progress=Promise.parse(stored["progress"]) if stored["progress"] else None,
        digest_at=time.fromisoformat(stored["digest_at"]) if stored["digest_at"] else None,
        emails=stored["emails"],
        objection=_objection_from(stored.get("objection")),
    )


def _objection_from(stored: dict[str, Any] | None) -> Objection | None:
    """Put the offer together again; cities that were loaded before there were any have none."""
    if stored is None:
        return None
    return Objection(Promise.parse(stored["within"]), Promise.parse(stored["answer"]), stored["texts"])


def _calendar_as_json(calendar: Calendar) -> dict[str, Any]:
    return {
        "time_zone": calendar.time_zone,
        "holidays_of": list(calendar.holidays_of) if calendar.holidays_of else None,
        "holidays_until": calendar.holidays_until.isoformat() if calendar.holidays_until else None,
        "weeks": [
            {
                "first": week.first.isoformat(),
                "last": week.last.isoformat() if week.last else None,
                "days": [_hours_as_json(hours) for hours in week.days],
                "season": [list(day) for day in week.season] if week.season else None,
            }
            for week in calendar.weeks
        ],
        "closures": [{"day": c.day.isoformat(), "names": dict(c.names)} for c in calendar.closures],
        "extra_days": [{"day": e.day.isoformat(), "like": e.like} for e in calendar.extra_days],
        "half_days": [
            {"day": h.day.isoformat(), "hours": _hours_as_json(h.hours)} for h in calendar.half_days
        ],
    }


def _calendar_from(stored: dict[str, Any]) -> Calendar:
    return Calendar(
        time_zone=stored["time_zone"],
        holidays_of=(stored["holidays_of"][0], stored["holidays_of"][1]) if stored["holidays_of"] else None,
        holidays_until=date.fromisoformat(stored["holidays_until"]) if stored.get("holidays_until") else None,
        weeks=tuple(_week_from(week) for week in stored["weeks"]),
        closures=tuple(Closure(date.fromisoformat(c["day"]), c["names"]) for c in stored["closures"]),
        extra_days=tuple(ExtraDay(date.fromisoformat(e["day"]), e["like"]) for e in stored["extra_days"]),
        half_days=tuple(
            HalfDay(date.fromisoformat(h["day"]), _hours_from(h["hours"])) for h in stored["half_days"]
        ),
    )


def _week_from(stored: dict[str, Any]) -> WeekPattern:
    return WeekPattern(
        first=date.fromisoformat(stored["first"]),
        last=date.fromisoformat(stored["last"]) if stored["last"] else None,
        days=tuple(_hours_from(hours) for hours in stored["days"]),
        season=_season_from(stored.get("season")),
    )


def _season_from(stored: list[list[int]] | None) -> Season | None:
    if stored is None:
        return None
    (first_month, first_day), (last_month, last_day) = stored
    return (first_month, first_day), (last_month, last_day)


def _hours_as_json(hours: Hours) -> list[list[str]]:
    return [[opens.isoformat("minutes"), closes.isoformat("minutes")] for opens, closes in hours]


def _hours_from(stored: list[list[str]]) -> Hours:
    return tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in stored)
