"""`cps suggestions`: learn which category words mean, and say how well that works in this city."""

import click

from cps.console.session import application, settings_in_use
from cps.kernel.db import db
from cps.kernel.errors import Unusable
from cps.suggesting import queries
from cps.suggesting.learning import Decided, Outcome, TooFew, learned
from cps.suggesting.model import Model


@click.group()
def suggestions() -> None:
    """What kind of problem is suggested from the words."""


@suggestions.command()
def measure() -> None:
    """Say how often the suggestion is right: on the newest fifth, learned from the reports before; change nothing."""
    with application(settings_in_use(), click.echo):
        _model, outcome = _learned()
        click.echo(_in_words(outcome))


@suggestions.command()
def learn() -> None:
    """Learn from all reports that a department resolved, and use it from now on if it does well enough."""
    with application(settings_in_use(), click.echo):
        model, outcome = _learned()
        kept = queries.keep(
            model.as_bytes(),
            learned=outcome.learned,
            tested=outcome.tested,
            accuracy=outcome.accuracy,
            in_three=outcome.in_three,
            commonest=outcome.commonest,
        )
        click.echo(_in_words(outcome))
        click.echo(
            "It is offered to citizens from now on."
            if kept.is_good_enough
            else "That is not good enough: nothing is suggested until a later model does better."
        )
        db.session.commit()


def _learned() -> tuple[Model, Outcome]:
    try:
        return learned([Decided(words, code) for words, code in queries.decided()])
    except TooFew as reason:
        raise Unusable(f"There is too little to learn from yet: {reason}") from None


def _in_words(outcome: Outcome) -> str:
    return (
        f"Learned from {outcome.learned:,} resolved reports, tried on the {outcome.tested:,} that came after.\n"
        f"Right at once: {outcome.accuracy:.0%}; among the first three: {outcome.in_three:.0%}; "
        f"always saying the commonest kind: {outcome.commonest:.0%}."
    )
