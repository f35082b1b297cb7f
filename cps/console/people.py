"""`cps people`: officials and their accounts."""

import csv
import secrets
from pathlib import Path

import click
from sqlalchemy import select

from cps.city.models import Department
from cps.city.survey.officials import COLUMNS
from cps.console.session import application, settings_in_use
from cps.kernel.db import db
from cps.kernel.errors import Unusable
from cps.people import signin
from cps.people.models import Person, Role


@click.group()
def people() -> None:
    """Officials."""


@people.command("add")
@click.option("--email", required=True, help="Address to sign in with.")
@click.option("--name", required=True, help="Name as colleagues see it.")
@click.option(
    "--role", required=True, type=click.Choice([role.value for role in Role]), help="What the person may do."
)
@click.option(
    "--department", "code", help="Code of the department in the city profile; auditors belong to none."
)
def add(email: str, name: str, role: str, code: str | None) -> None:
    """Make an account and print its first password, once."""
    with application(settings_in_use(), click.echo):
        address = email.strip().lower()
        if _is_known(address):
            raise Unusable(f"{address} has an account already.")
        told = _added(address, name, Role(role), code)
        db.session.commit()
        click.echo(told)


@people.command("load")
@click.argument("path", type=click.Path(path_type=Path))
def load_list(path: Path) -> None:
    """Make the accounts of officials.csv, as `cps city new` writes it, and print their first passwords, once.

    All of them or none; who has an account already keeps it.
    """
    rows = _rows(path)
    with application(settings_in_use(), click.echo):
        told = []
        for line, row in enumerate(rows, start=2):
            address = row["email"].strip().lower()
            if _is_known(address):
                told.append(f"{address} has an account already.")
                continue
            try:
                told.append(_added(address, row["name"], _role(row["role"]), row["department"] or None))
            except Unusable as reason:
                raise Unusable(f"{path}:{line}: {reason} No account was made.") from None
        db.session.commit()
        click.echo("\n".join(told))


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            table = csv.DictReader(opened, restval="")
            if tuple(table.fieldnames or ()) != COLUMNS:
                raise Unusable(f"{path} must have the columns {', '.join(COLUMNS)}.")
            return list(table)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Unusable(f"{path} cannot be read: {error}.") from None


def _role(word: str) -> Role:
    if word not in {role.value for role in Role}:
        raise Unusable(f"{word!r} is no role; there are {', '.join(Role)}.")
    return Role(word)


def _is_known(address: str) -> bool:
    return db.session.scalar(select(Person.id).where(Person.email == address)) is not None


def _added(address: str, name: str, role: Role, code: str | None) -> str:
    """Make an account and say its first password; does not commit."""
    department = _department(role, code)
    password = secrets.token_urlsafe(12)
    db.session.add(
        Person(
            email=address,
            name=name,
            role=role,
            department_id=department.id if department else None,
            password_hash=signin.hashed(password),
        )
    )
    db.session.flush()
    return f"{name} can sign in as {address} with the password {password}"


def _department(role: Role, code: str | None) -> Department | None:
    """Return where an official belongs: auditors to no department, all others to one."""
    if role is Role.AUDITOR:
        if code:
            raise Unusable("An auditor belongs to no department: leave --department out.")
        return None
    if not code:
        raise Unusable("Name the department with --department: see departments.csv of the city's profile.")
    department = db.session.scalar(select(Department).where(Department.code == code, Department.is_active))
    if department is None:
        raise Unusable(f"There is no department {code} in this city: see departments.csv of its profile.")
    return department
