"""`cps people`: officials and their accounts."""

import secrets

import click
from sqlalchemy import select

from cps.city.models import Department
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
        department = _department(Role(role), code)
        address = email.strip().lower()
        if db.session.scalar(select(Person).where(Person.email == address)):
            raise Unusable(f"{address} has an account already.")
        password = secrets.token_urlsafe(12)
        db.session.add(
            Person(
                email=address,
                name=name,
                role=Role(role),
                department_id=department.id if department else None,
                password_hash=signin.hashed(password),
            )
        )
        db.session.commit()
        click.echo(f"{name} can sign in as {address} with the password {password}")


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
