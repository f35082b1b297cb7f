"""The department that was picked from a list."""

from cps.city.models import Department
from cps.city.queries import in_force
from cps.kernel.db import db
from cps.kernel.errors import Invalid
from cps.kernel.text import _
from cps.web import forms


def chosen() -> Department:
    """Return the department chosen in a form; raise Invalid (field `department`) if it is none in force."""
    known = in_force().department_ids.get(forms.typed("department"))
    department = db.session.get(Department, known) if known is not None else None
    if department is None:
        raise Invalid({"department": _("Choose a department from the list.")})
    return department
