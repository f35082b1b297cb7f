"""What the hand-over sheet says, marked for translation: the people of the city read it in their language first."""

from collections.abc import Mapping
from typing import Final

from cps.health.finding import State
from cps.kernel.text import Text, _
from cps.people.models import Role

SAID: Final[Mapping[str, Text]] = {
    "title": _("Hand-over sheet"),
    "keep": _("This sheet names people. Keep it where who is on duty finds it, and do not publish it."),
    "addresses": _("Addresses"),
    "citizens": _("For citizens"),
    "officials": _("For officials"),
    "monitoring": _("For monitoring"),
    "numbers": _("Numbers to call"),
    "city_line": _("City line"),
    "server": _("Who runs the server"),
    "wego": _("Help from WeGO"),
    "departments": _("Departments that answer reports"),
    "department": _("Department"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "accounts": _("Accounts"),
    "no_passwords": _(
        "Passwords are not on this sheet. Who leaves the office loses the account on the last day."
    ),
    "nobody": _("Nobody has an account yet."),
    "name": _("Name"),
    "role": _("Role"),
    "signed_in": _("Last sign-in"),
    "never": _("never"),
    "running": _("Running the system"),
    "start": _("Start"),
    "stop": _("Stop"),
    "well": _("Is all well?"),
    "version": _("New version"),
    "restore": _("Restore a backup"),
    "change": _("Change the city's data"),
    "leave": _("Hand the data on"),
    "backups": _("Where the backups are"),
    "task": _("Task"),
    "command": _("Command"),
    "described": _("Described in"),
    "dates": _("Dates to remember"),
    "holidays": _("Public holidays are known until"),
    "certificate": _("The certificate is good until"),
    "drill": _("Next restore drill"),
    "not_known": _("not known"),
    "checks": _("Check-list"),
    "check": _("What"),
    "state": _("State"),
    "found": _("What was found"),
    "handed": _("Handed over"),
    "for_wego": _("For WeGO"),
    "for_city": _("For the city"),
    "office": _("Office"),
    "date": _("Date"),
    "signature": _("Signature"),
}
STATES: Final[Mapping[State, Text]] = {
    State.OK: _("in order"),
    State.OFF: _("not set up"),
    State.WARNING: _("to do"),
    State.FAULT: _("must be done"),
}
BY_HAND: Final = _("sign by hand")
ROLES: Final[Mapping[Role, Text]] = {
    Role.OFFICER: _("Official"),
    Role.HEAD: _("Head of department"),
    Role.COORDINATOR: _("Coordinator"),
    Role.AUDITOR: _("Auditor"),
}
CHECKS: Final[Mapping[str, Text]] = {
    "profile": _("City profile"),
    "names": _("Translation of names"),
    "outlines": _("Boundaries of areas"),
    "routing": _("A department for every report"),
    "consent": _("Text of consent"),
    "letters": _("Letters to citizens"),
    "accounts": _("Accounts of officials"),
    "heads": _("Coordinator and heads of departments"),
    "signed_in": _("First sign-in"),
    "clock": _("Clock"),
    "disk": _("Disk space"),
    "certificate": _("Certificate"),
    "base_map": _("Base map"),
    "sms": _("SMS"),
    "photos": _("Photos"),
    "database": _("Database"),
    "migrations": _("State of the database"),
    "replica": _("Copy of the database"),
    "city": _("City in force"),
    "holidays": _("Public holidays"),
    "worker": _("Background work"),
    "queue": _("Waiting work"),
    "escalations": _("Deadlines watched"),
    "mail": _("Sending e-mail"),
    "backup": _("Backup and restore"),
    "numbers": _("Numbers called once"),
    "words": _("Read by a native speaker"),
    "test_report": _("Test report"),
}
