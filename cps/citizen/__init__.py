"""The edge for citizens: report, follow, answer. This file only says which address is whose.

Their forms need no token: nobody is signed in here, and `web.origin` refuses forms of other sites.
"""

from flask import Blueprint

from cps.citizen import complaints, maps, outbox, pictures, replies, reports, reports_map, robots, tracking
from cps.settings import Settings
from cps.web.forms import protection


def blueprint(settings: Settings) -> Blueprint:
    """Return the citizens' pages; the outbox is there in a demo only."""
    citizen = Blueprint("citizen", __name__)
    protection.exempt(citizen)
    citizen.get("/", endpoint="report")(reports.show)
    citizen.post("/complaints", endpoint="file")(reports.file)
    citizen.get("/complaints", endpoint="find")(complaints.find)
    citizen.get("/complaints/<reference>", endpoint="complaint")(complaints.show)
    citizen.get("/track/<secret>", endpoint="track")(tracking.open_link)
    citizen.get("/my/<reference>", endpoint="mine")(tracking.show)
    citizen.post("/my/<reference>/answers", endpoint="answer")(replies.answer)
    citizen.post("/my/<reference>/withdrawal", endpoint="withdraw")(replies.withdraw)
    citizen.post("/my/<reference>/reopenings", endpoint="reopen")(replies.reopen)
    citizen.post("/my/<reference>/demands", endpoint="demand")(replies.demand)
    citizen.get("/photos/<key>/<any(small, large):size>", endpoint="photo")(pictures.public)
    citizen.get("/my/<reference>/photos/<key>/<any(small, large):size>", endpoint="own_photo")(
        pictures.own_picture
    )
    citizen.get("/robots.txt", endpoint="robots")(robots.show)
    reports_map.add_routes(citizen, maps.add_routes(citizen, settings))
    if settings.is_demo:
        citizen.get("/demo/outbox", endpoint="outbox")(outbox.show)
    return citizen
