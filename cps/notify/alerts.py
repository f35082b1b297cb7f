"""Mail about places: asked for with an address, confirmed by a link in a mail, at most one mail a day, ended by one click.

One secret opens everything an address asked for; it stands in its mails alone, and is computed, not stored.
Whoever types the address of somebody else can make us send that person three short mails a day, and no more.
"""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from cps.city.queries import CityInForce, in_force
from cps.geo.point import Point
from cps.kernel import clock, keys
from cps.kernel.db import db
from cps.kernel.errors import NotFound
from cps.kernel.text import _
from cps.notify import tasks
from cps.notify.letters import Letter, alerts_address
from cps.notify.models import Alert, Subscriber
from cps.notify.officials import saying

RADII_M: Final = (250, 500, 1000)
_ASKS_A_DAY = 3
_MOST_ALERTS = 20
UNCONFIRMED_FOR: Final = timedelta(days=3)


@dataclass(frozen=True)
class Place:
    """What mails are about: an area, or a circle around a point; of one category or all."""

    area_id: int | None = None
    point: Point | None = None
    radius_m: int | None = None
    category_id: int | None = None


def ask(email: str, place: Place, *, language: str) -> None:
    """Keep a wish and ask its address to confirm it; nothing more today if it was asked three times."""
    subscriber = _subscriber(email, language)
    today = clock.now().astimezone(in_force().profile.calendar.zone).date()
    asks = subscriber.asks if subscriber.asked_on == today else 0
    if asks >= _ASKS_A_DAY or len(subscriber.alerts) >= _MOST_ALERTS:
        return
    subscriber.asked_on, subscriber.asks, subscriber.language = today, asks + 1, language
    if not any(_place(alert) == place for alert in subscriber.alerts):
        subscriber.alerts.append(_alert(place))
    db.session.flush()
    send(_confirmation(subscriber), subscriber)


def subscriber_with(secret: str) -> Subscriber:
    """Return whose mails this secret opens, or raise NotFound."""
    number, _dash, _rest = secret.partition("-")
    is_number = number.isascii() and number.isdigit() and len(number) < 16
    found = db.session.get(Subscriber, int(number)) if is_number else None
    if found is None or not hmac.compare_digest(secret_of(found).encode(), secret.encode()):
        raise NotFound(
            _("This link is not in use any more. These mails have ended, or were never confirmed.")
        )
    return found


def secret_of(subscriber: Subscriber) -> str:
    """Return the secret of an address: its number, and 128 bits that only this installation can compute."""
    made = keys.derived("alerts", f"{subscriber.id} {subscriber.email}".encode(), size=16)
    return f"{subscriber.id}-{urlsafe_b64encode(made).decode().rstrip('=')}"


def confirm(alert: Alert) -> None:
    """Begin with the mails; reports from now on are news."""
    if alert.confirmed_at is None:
        alert.confirmed_at = alert.told_until = clock.now()


def end(subscriber: Subscriber, alert: Alert | None = None) -> None:
    """End one wish of an address, or all of them; with the last one nothing is kept of it."""
    ended = [alert] if alert is not None else list(subscriber.alerts)
    for each in ended:
        db.session.delete(each)
    if len(ended) == len(subscriber.alerts):
        db.session.flush()
        db.session.delete(subscriber)


def named(alert: Alert, city: CityInForce, language: str) -> str:
    """Say what a wish is about: area or distance, and category."""
    say = saying(language)
    place = (
        city.named(city.area_names[alert.area_id], language)
        if alert.area_id is not None
        else say(_("%(metres)s m around the place you chose", metres=alert.radius_m))
    )
    category = (
        city.named(city.category_names[alert.category_id], language)
        if alert.category_id is not None
        else say(_("All categories"))
    )
    return f"{place} · {category}"


def send(letter: Letter, subscriber: Subscriber) -> None:
    """See a letter off to a subscriber, with the address that ends such letters."""
    unsubscribe = f"{alerts_address(secret_of(subscriber))}/endings"
    language = subscriber.language
    tasks.post(
        [
            tasks.as_message(
                letter, to=subscriber.email, language=language, event_id=None, unsubscribe=unsubscribe
            )
        ]
    )


def _subscriber(email: str, language: str) -> Subscriber:
    """Return the row of an address, locked, so that two forms at once count as two."""
    values = {"email": email, "language": language, "asks": 0}
    db.session.execute(insert(Subscriber).values(**values).on_conflict_do_nothing())
    return db.session.scalars(select(Subscriber).where(Subscriber.email == email).with_for_update()).one()


def _alert(place: Place) -> Alert:
    now = clock.now()
    return Alert(
        area_id=place.area_id,
        latitude=place.point.latitude if place.point else None,
        longitude=place.point.longitude if place.point else None,
        radius_m=place.radius_m if place.point else None,
        category_id=place.category_id,
        asked_at=now,
        told_until=now,
    )


def point_of(alert: Alert) -> Point | None:
    """Return the middle of its circle, if it is about one."""
    if alert.latitude is None or alert.longitude is None:
        return None
    return Point(alert.latitude, alert.longitude)


def _place(alert: Alert) -> Place:
    return Place(alert.area_id, point_of(alert), alert.radius_m, alert.category_id)


def _confirmation(subscriber: Subscriber) -> Letter:
    city, language = in_force(), subscriber.language
    say = saying(language)
    wishes = "\n".join(f"– {named(alert, city, language)}" for alert in subscriber.alerts)
    paragraphs = [
        say(_("Somebody, we hope you, asked for mails about new reports:")),
        wishes,
        say(_("Confirm here: %(link)s", link=alerts_address(secret_of(subscriber)))),
        say(_("If it was not you, do nothing: no mails will come.")),
        city.name(language),
    ]
    return Letter(say(_("Please confirm: mails about new reports")), "\n\n".join(paragraphs) + "\n")
