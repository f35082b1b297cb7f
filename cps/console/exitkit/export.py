"""`cps city export`: the kit that a city or its next contractor goes on with when WeGO leaves."""

from importlib.metadata import version
from pathlib import Path

import click

from cps.city.load import load
from cps.city.queries import forget, in_force
from cps.console.checking import checked, counted
from cps.console.exitkit import kit
from cps.console.loading import line_of
from cps.console.session import application, settings_in_use
from cps.kernel import clock, schema
from cps.kernel.db import db
from cps.kernel.errors import Unusable
from cps.photos import album

_SHOWN = 5


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--without-personal-data",
    is_flag=True,
    help="Leave out contacts, names, words, places, photos, accounts, letters.",
)
@click.option(
    "--profile",
    "profile_folder",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Put the files of the profile in, if loading them would change nothing.",
)
def export(folder: Path, profile_folder: Path | None, *, without_personal_data: bool) -> None:
    """Write everything of the city into FOLDER, in open formats.

    FOLDER is new or empty. It is there when the kit is whole, and not before.
    """
    with application(settings_in_use(), click.echo):
        city = in_force()
        if profile_folder is not None:
            _refuse_other(profile_folder)
        source = kit.Source(
            url=db.engine.url.render_as_string(hide_password=False).replace("+psycopg", ""),
            storage=album.storage(),
            profile=city.profile,
            profile_folder=profile_folder,
            facts={
                "city": city.profile.code,
                "made_at": clock.now().isoformat(timespec="seconds"),
                "cps_version": version("cps"),
                "database_migration": str(schema.present()),
                "profile_version": str(city.version),
            },
        )
        made = kit.write(source, folder, has_personal=not without_personal_data, say=click.echo)
    if made.missing_photos:
        click.echo(
            f"warning: {counted(len(made.missing_photos), 'photo was', 'photos were')} not in the storage: "
            f"see manifest.json, and compare with a backup."
        )
    kind = "without" if without_personal_data else "with"
    click.echo(f"{folder} holds the kit, {kind} personal data. Its README.md says what is in it.")
    click.echo("Check it where it arrives: `sha256sum -c SHA256SUMS`.")


def _refuse_other(folder: Path) -> None:
    """Raise Unusable unless loading this profile would change nothing; what it tried is rolled back."""
    changes = load(checked(folder))
    db.session.rollback()
    forget()
    if changes:
        told = "\n".join(line_of(change) for change in changes[:_SHOWN])
        raise Unusable(
            f"The profile in {folder} is not the one in force: loading it would make "
            f"{counted(len(changes), 'change', 'changes')}, such as\n{told}"
        )
