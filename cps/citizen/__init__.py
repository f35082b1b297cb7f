"""The edge for citizens: report, follow, answer. This file only says which address is whose.

Their forms need no token: nobody is signed in here, and `web.origin` refuses forms of other sites.
"""

from flask import Blueprint

from cps.citizen import (
    alerts,
    asking,
    complaints,
    consent,
    device,
    feeds,
    joinings,
    listing,
    maps,
    offline,
    outbox,
    pictures,
    pieces,
    places,
    replies,
    reports,
    reports_map,
    robots,
    sentences,
    statistics,
    suggestions,
    tracking,
)
from cps.settings import Settings
from cps.web.forms import protection

# What may be compressed (`web.compression`): answers that show what everybody may know, and no secret of anybody.
# And `mine`, which shows a private link, but repeats nothing that another site could put into its address.
COMPRESSED = tuple(
    f"citizen.{name}"
    for name in (
        "report",
        "file",
        "sentences",
        "map_opening",
        "words",
        "questions",
        "consent",
        "find",
        "complaint",
        "listing",
        "feed",
        "statistics",
        "new_alert",
        "map",
        "map_areas",
        "map_picture",
        "map_clusters",
        "map_reports",
        "mine",
    )
)


# What the replica may answer (`web.reading`): what shows everybody the same, and hides nothing that must be hidden at once.
MAY_LAG = tuple(
    f"citizen.{name}"
    for name in ("complaint", "listing", "feed", "statistics", "map", "map_clusters", "map_reports")
)


def blueprint(settings: Settings) -> Blueprint:
    """Return the citizens' pages; the outbox is there in a demo only."""
    citizen = Blueprint("citizen", __name__)
    protection.exempt(citizen)
    _add_report(citizen)
    _add_public(citizen)
    _add_own(citizen)
    device.add_routes(citizen)
    offline.add_routes(citizen, settings)
    joinings.add_routes(citizen)
    reports_map.add_routes(citizen, maps.add_routes(citizen, settings))
    if settings.is_demo:
        citizen.get("/demo/outbox", endpoint="outbox")(outbox.show)
    return citizen


def _add_report(citizen: Blueprint) -> None:
    """Add the form, and what it asks for while it is filled in."""
    citizen.get("/", endpoint="report")(reports.show)
    citizen.post("/complaints", endpoint="file")(reports.file)
    citizen.get("/categories/<code>/questions.json", endpoint="questions")(asking.questions)
    citizen.get("/places.json", endpoint="places")(places.search)
    citizen.get("/categories/words.json", endpoint="words")(asking.words)
    citizen.get("/map/opening.json", endpoint="map_opening")(asking.map_opening)
    citizen.get("/sentences.json", endpoint="sentences")(sentences.show)
    citizen.post("/suggestions", endpoint="suggest")(suggestions.suggest)
    citizen.get("/consent", endpoint="consent")(consent.show)


def _add_public(citizen: Blueprint) -> None:
    """Add what everybody sees of all reports, and mails about them."""
    citizen.get("/complaints", endpoint="find")(complaints.find)
    citizen.get("/complaints/<reference>", endpoint="complaint")(complaints.show)
    citizen.get("/photos/<key>/<any(small, large):size>", endpoint="photo")(pictures.public)
    citizen.get("/reports", endpoint="listing")(listing.show)
    citizen.get("/reports.atom", endpoint="feed")(feeds.show)
    citizen.get("/statistics", endpoint="statistics")(statistics.show)
    citizen.get("/robots.txt", endpoint="robots")(robots.show)
    citizen.get("/alerts", endpoint="new_alert")(alerts.offer)
    citizen.post("/alerts", endpoint="ask_alert")(alerts.ask)
    citizen.get("/alerts/<secret>", endpoint="alerts")(alerts.show)
    citizen.post("/alerts/<secret>/confirmations", endpoint="confirm_alert")(alerts.confirm)
    citizen.get("/alerts/<secret>/endings", endpoint="ending_alerts")(alerts.show)
    citizen.post("/alerts/<secret>/endings", endpoint="end_alerts")(alerts.end)


def _add_own(citizen: Blueprint) -> None:
    """Add what a reporter sees and does with the private link."""
    citizen.get("/track/<secret>", endpoint="track")(tracking.open_link)
    citizen.get("/my/<reference>", endpoint="mine")(tracking.show)
    citizen.get("/my/<reference>/link.svg", endpoint="link_code")(tracking.code)
    citizen.post("/my/<reference>/answers", endpoint="answer")(replies.answer)
    citizen.post("/my/<reference>/withdrawal", endpoint="withdraw")(replies.withdraw)
    citizen.post("/my/<reference>/reopenings", endpoint="reopen")(replies.reopen)
    citizen.post("/my/<reference>/demands", endpoint="demand")(replies.demand)
    citizen.post("/my/<reference>/additions", endpoint="add")(replies.add)
    citizen.post("/my/<reference>/ratings", endpoint="rate")(replies.rate)
    citizen.post("/my/<reference>/joinings", endpoint="merge")(replies.merge)
    citizen.post("/my/<reference>/joinings/end", endpoint="part")(replies.part)
    citizen.get("/my/<reference>/photos/<key>/<any(small, large):size>", endpoint="own_photo")(
        pictures.own_picture
    )
    citizen.get("/reports/<uuid:key>/photos/<uuid:upload>", endpoint="upload_before")(pieces.show_before)
    citizen.patch("/reports/<uuid:key>/photos/<uuid:upload>", endpoint="upload_piece_before")(
        pieces.take_before
    )
    citizen.get("/my/<reference>/photos/uploads/<uuid:upload>", endpoint="upload")(pieces.show)
    citizen.patch("/my/<reference>/photos/uploads/<uuid:upload>", endpoint="upload_piece")(pieces.take)
