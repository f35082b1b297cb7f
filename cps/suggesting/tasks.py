"""The nightly learning: in a process of its own, because what learns needs memory that the worker gives back to nobody."""

import logging
import subprocess
import sys

from cps.kernel import jobs

_LOG = logging.getLogger(__name__)
_LONGEST_SECONDS = 900


@jobs.app.periodic(cron="23 19 * * *")  # UTC: past midnight from Kathmandu to Seoul
@jobs.app.task(name="learn_suggestions", queueing_lock="learn_suggestions", pass_context=False)
def learn_suggestions(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands it in
    """Learn anew from everything that was resolved by now; having too little to learn from is no fault."""
    learning = subprocess.run(
        [sys.executable, "-m", "cps", "suggestions", "learn"],
        capture_output=True,
        text=True,
        timeout=_LONGEST_SECONDS,
        check=False,
    )
    if learning.returncode:
        _LOG.info("nothing was learned: %s", learning.stderr.strip())
