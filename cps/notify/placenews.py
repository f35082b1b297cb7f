"""The day's mail about places: what was newly reported there, once a day for each address that confirmed it.

Who has no news gets no mail. A day's round of an address is claimed by its own row, locked, so that two
workers and a restart send one mail.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, exists, or_, select

from cps.city.queries import CityInForce, in_force
from cps.complaints import published
from cps.complaints.published import Row, Wanted
from cps.kernel import clock, jobs
from cps.kernel.db import db
from cps.kernel.text import _
from cps.notify import alerts, confirming
from cps.notify.letters import Letter, alerts_address, report_address
from cps.notify.models import Alert, Subscriber
from cps.notify.officials import saying

_FROM = time(7)  # in the morning, where the city is
_AT_ONCE = 25
_SHOWN = 10
_LOOKED_AT = 200
# A report that comes in is seen once its transaction has ended: what is younger is left for tomorrow.
_SETTLED_AFTER = timedelta(minutes=5)


@jobs.app.periodic(cron="*/10 * * * *")
@jobs.app.task(name="begin_place_news", queueing_lock="begin_place_news", pass_context=False)
def begin_place_news(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands it in
    """Begin with the day's mails when it is time, and forget what was never confirmed."""
    forget_unconfirmed()
    confirming.forget_old()
    go_on()


@jobs.app.task(name=jobs.PLACE_NEWS, retry=jobs.PATIENTLY)
def go_on() -> None:
    """Write the mails of some addresses that have had none today, and ask for another turn if there are more."""
    city, now = in_force(), clock.now()
    local = now.astimezone(city.profile.calendar.zone)
    if local.time() < _FROM:
        return
    found = _untold(local.date())
    for subscriber in found:
        subscriber.told_on = local.date()
        _tell(subscriber, city, until=now - _SETTLED_AFTER)
    if len(found) == _AT_ONCE:
        jobs.defer(jobs.PLACE_NEWS)


def forget_unconfirmed() -> None:
    """Delete wishes that nobody confirmed in time, and addresses that have none."""
    is_old = Alert.asked_at < clock.now() - alerts.UNCONFIRMED_FOR
    db.session.execute(delete(Alert).where(Alert.confirmed_at.is_(None), is_old))
    has_none = ~exists().where(Alert.subscriber_id == Subscriber.id)
    db.session.execute(delete(Subscriber).where(has_none))


def _untold(day: date) -> Sequence[Subscriber]:
    is_confirmed = exists().where(Alert.subscriber_id == Subscriber.id, Alert.confirmed_at.is_not(None))
    return db.session.scalars(
        select(Subscriber)
        .where(or_(Subscriber.told_on.is_(None), Subscriber.told_on < day), is_confirmed)
        .order_by(Subscriber.id)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()


def _tell(subscriber: Subscriber, city: CityInForce, *, until: datetime) -> None:
    news = []
    for alert in subscriber.alerts:
        if alert.confirmed_at is None or alert.told_until >= until:
            continue
        if rows := _news(alert, until):
            news.append((alert, rows))
        alert.told_until = until
    if news:
        alerts.send(_written(subscriber, news, city), subscriber)


def _news(alert: Alert, until: datetime) -> Sequence[Row]:
    wanted = Wanted(
        category_id=alert.category_id,
        area_id=alert.area_id,
        since=alert.told_until,
        until=until,
        near=alerts.point_of(alert),
        within_m=alert.radius_m or 0,
    )
    return published.latest(wanted, most=_LOOKED_AT)


def _written(
    subscriber: Subscriber, news: Sequence[tuple[Alert, Sequence[Row]]], city: CityInForce
) -> Letter:
    language = subscriber.language
    say = saying(language)
    paragraphs = []
    for alert, rows in news:
        paragraphs.append(f"== {alerts.named(alert, city, language)}")
        paragraphs += [_paragraph(row, city, language) for row in rows[:_SHOWN]]
        if len(rows) > _SHOWN:
            paragraphs.append(say(_("There are more. You find them in the list of reports.")))
    paragraphs += [
        say(
            _(
                "You asked for these mails. Change or end them here: %(link)s",
                link=alerts_address(alerts.secret_of(subscriber)),
            )
        ),
        city.name(language),
    ]
    return Letter(say(_("New reports at the places you chose")), "\n\n".join(paragraphs) + "\n")


def _paragraph(row: Row, city: CityInForce, language: str) -> str:
    area = city.named(city.area_names[row.area_id], language) if row.area_id is not None else ""
    head = (city.named(city.category_names[row.category_id], language), area, row.landmark)
    lines = (" · ".join(part for part in head if part), " ".join(row.words.split()))
    return "\n".join(line for line in (*lines, report_address(row.reference)) if line)
