"""`cps demo`: a whole city on this machine, with citizens and officials who never were.

Everything it starts, it stops; what dies meanwhile is started again. Letters stay in the outbox page.
"""

import json
import os
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path
from threading import Event as ThreadEvent
from typing import Any

import click
from flask import Flask
from sqlalchemy import func, select

from cps.app import create_app
from cps.city.load import load
from cps.complaints import recurring_finding
from cps.complaints.models import Complaint
from cps.complaints.status import Status
from cps.console import migrating
from cps.console.checking import checked, folder_of
from cps.console.demonstration import accounts, cases, generate
from cps.console.demonstration.accounts import Account
from cps.console.guard import alone_in, free_port
from cps.console.session import database_url, settings_in_use
from cps.console.supervisor import Supervisor
from cps.evaluate import publishing
from cps.kernel import clock, postgres
from cps.kernel.db import db
from cps.kernel.errors import Unusable
from cps.notify.letters import tracking_link
from cps.settings import Settings

_SEED = 2015
_START_SECONDS = 60.0
_FACTS = "demo.json"
_FOUND_AT_ONCE = 20_000
_PATIENCE_SECONDS = 2.0


@click.command()
@click.option(
    "--city",
    default="hanoi",
    show_default=True,
    help="Name of a profile that comes along, or the path of one.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option(
    "--complaints",
    default=500,
    show_default=True,
    type=click.IntRange(0, 1_000_000),
    help="Reports to make up.",
)
@click.option("--fresh", is_flag=True, help="Forget the demo's earlier reports and begin again.")
def demo(city: str, host: str, port: int, complaints: int, fresh: bool) -> None:
    """Run a whole city on this machine, filled with made-up reports."""
    settings = _demo_settings(settings_in_use(), host, port)
    profile = folder_of(city)
    with alone_in(settings.var, facts=settings.var / _FACTS):
        free_port(host, port)
        with database_url(settings, click.echo) as url:
            if fresh and settings.database_url:
                raise Unusable(
                    "--fresh only empties the demo's own database, not the one CPS_DATABASE_URL names."
                )
            _prepare(settings, url, profile=profile, complaints=complaints, fresh=fresh)
            _run(settings, url, host=host, port=port)


def _demo_settings(settings: Settings, host: str, port: int) -> Settings:
    shown = "127.0.0.1" if host in ("0.0.0.0", "127.0.0.1") else host  # noqa: S104 - compared, not bound
    return replace(
        settings,
        is_demo=True,
        base_url=f"http://{shown}:{port}",
        mail_url=settings.mail_url or "outbox:",
    )


def _prepare(settings: Settings, url: str, *, profile: Path, complaints: int, fresh: bool) -> None:
    app = create_app(settings, database_url=url)
    with app.app_context():
        if fresh:
            migrating.empty()
        migrating.to_head()
        load(checked(profile))
        db.session.commit()
        _fill(app, complaints)
        made = accounts.make_accounts(_known_passwords(settings))
        db.session.commit()
        _write_facts(settings, made)
        db.session.remove()
        db.engine.dispose()


def _fill(app: Flask, complaints: int) -> None:
    with app.app_context():
        if complaints == 0 or db.session.scalar(select(func.max(Complaint.id))) is not None:
            return
        click.echo(f"Making up {complaints:,} reports …")
        now = clock.now()
        generate(complaints, seed=_SEED, now=now)
        stage = cases.tell(seed=_SEED, now=now)
        publishing.count_all()
        if complaints <= _FOUND_AT_ONCE:  # of more the worker finds them while somebody looks around
            while recurring_finding.look():
                pass
            if stage is not None:
                cases.follow_up(stage)
        db.session.commit()


def _known_passwords(settings: Settings) -> dict[str, str]:
    facts = read_facts(settings.var / _FACTS)
    return {account["email"]: account["password"] for account in facts.get("accounts", [])}


def read_facts(path: Path) -> dict[str, Any]:
    """Return what an earlier start wrote; nothing if there was none."""
    try:
        facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts


def _write_facts(settings: Settings, made: list[Account]) -> None:
    facts = {
        "base_url": settings.base_url,
        "accounts": [
            {"role": a.role, "email": a.email, "password": a.password, "department": a.department}
            for a in made
        ],
        "citizen": {"report": f"{settings.base_url}/", "tracking": a_tracking_link()},
    }
    path = settings.var / _FACTS
    path.touch(mode=0o600)
    path.write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def a_tracking_link() -> str | None:
    resolved = select(Complaint).where(Complaint.is_public, Complaint.status == Status.RESOLVED)
    complaint = db.session.scalar(resolved.order_by(Complaint.closed_at.desc(), Complaint.id).limit(1))
    return tracking_link(complaint) if complaint else None


def _run(settings: Settings, url: str, *, host: str, port: int) -> None:
    environment = {
        **os.environ,
        "CPS_DATABASE_URL": url,
        "CPS_VAR": str(settings.var),
        "CPS_BASE_URL": settings.base_url,
        "CPS_MAIL_URL": settings.mail_url,
        "CPS_DEMO": "yes",
    }
    supervisor = Supervisor(environment, say=click.echo)
    supervisor.stop_on_signals()
    try:
        supervisor.start("web", "serve", "--host", host, "--port", str(port))
        supervisor.start("worker", "work")
        if supervisor.wait_until(lambda: _answers(settings.base_url), seconds=_START_SECONDS):
            _welcome(settings)
        supervisor.watch(also=lambda: _keep_database_up(settings))
    finally:
        click.echo("Stopping …")
        supervisor.stop()


def _keep_database_up(settings: Settings) -> None:
    """Start the demo's own database again if it was killed; one that cannot start now may later."""
    if settings.database_url is not None:
        return
    try:
        postgres.keep_up(settings.var, say=click.echo, bindir=settings.pg_bindir)
    except Unusable as reason:
        click.echo(str(reason))
        ThreadEvent().wait(_PATIENCE_SECONDS)


def _answers(base_url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{base_url}/robots.txt", timeout=1):  # noqa: S310 - our own address
            return True
    except (urllib.error.URLError, OSError):
        return False


def _welcome(settings: Settings) -> None:
    facts = read_facts(settings.var / _FACTS)
    base_url = facts["base_url"]
    click.echo(f"\nThe city is running. Report a problem as a citizen: {base_url}/")
    if facts["citizen"]["tracking"]:
        click.echo(f"Follow a report as its reporter:           {facts['citizen']['tracking']}")
    click.echo(f"Read the letters that citizens got:        {base_url}/demo/outbox")
    click.echo(f"Work at the desk:                          {base_url}/desk")
    for role in ("officer", "head", "coordinator", "auditor"):
        account = next((a for a in facts["accounts"] if a["role"] == role), None)
        if account:
            where = f"   ({account['department']})" if account["department"] else ""
            click.echo(f"  {role:<12} {account['email']:<40} password {account['password']}{where}")
    click.echo(f"All sign-ins: {settings.var / _FACTS}. Stop everything with Ctrl-C.")
