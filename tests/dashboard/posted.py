"""One round with the letters in a process of its own, which dies by kill -9 between any two steps of it."""

import os
import signal
from datetime import datetime

from dashboard import jobs
from dashboard.export import kinds
from dashboard.settings import load_settings

kinds()  # so that a process begins with everything read in


def main(settings, moment, what="tell", step="", number=1):
    """`moment`: what it is made to believe in; `what`: tell, settle or a report; it dies at the nth `step`."""
    seen = []

    def dies(name):
        seen.append(name)
        if name == step and seen.count(name) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    now, made = datetime.fromisoformat(moment), load_settings(settings)
    if what in ("tell", "settle"):
        {"tell": jobs.tell, "settle": jobs.settle}[what](made, now, dies)
    else:
        jobs.report(made, what, now, dies)
