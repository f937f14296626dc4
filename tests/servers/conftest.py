"""The real servers as fixtures: one of its own for each file of tests, gone at its end."""

import os

import pytest

from servers.mediawiki import MediaWiki
from servers.openldap import OpenLdap
from servers.ralph import Ralph
from servers.redmine import Redmine
from servers.request_tracker import RequestTracker
from servers.scim import Scim
from servers.synapse import Synapse


def running(kind, folders):
    if missing := kind.missing():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    server = kind(folders.mktemp(kind.__name__.lower()))
    try:
        server.start()
        server.welcome()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def redmine(tmp_path_factory):
    yield from running(Redmine, tmp_path_factory)


@pytest.fixture(scope="module")
def synapse(tmp_path_factory):
    yield from running(Synapse, tmp_path_factory)


@pytest.fixture(scope="module")
def openldap(tmp_path_factory):
    yield from running(OpenLdap, tmp_path_factory)


@pytest.fixture(scope="module")
def mediawiki(tmp_path_factory):
    yield from running(MediaWiki, tmp_path_factory)


@pytest.fixture(scope="module")
def ralph(tmp_path_factory):
    yield from running(Ralph, tmp_path_factory)


@pytest.fixture(scope="module")
def scim(tmp_path_factory):
    yield from running(Scim, tmp_path_factory)


@pytest.fixture(scope="module")
def request_tracker(tmp_path_factory):
    yield from running(RequestTracker, tmp_path_factory)
