"""Fixtures of the tests of claims: browsers in which somebody is signed in."""

import pytest
from django.test import Client


@pytest.fixture
def desk(client, reviewer):
    """A browser in which a reviewer is signed in."""
    client.force_login(reviewer)
    return client


@pytest.fixture
def editors_desk(editor):
    """A second browser, in which an editor is signed in."""
    client = Client()
    client.force_login(editor)
    return client
