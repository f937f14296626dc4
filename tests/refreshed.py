"""A refresh that is made to be killed."""

from dashboard import jobs
from dashboard.settings import load_settings


def run(path):
    jobs.refresh(load_settings(path))
