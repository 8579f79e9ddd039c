"""What is installed: exactly what the lock names, whatever is released afterwards."""

import re
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LOCKS = sorted(ROOT.glob("requirements*.txt"))


def pinned(lock):
    """Return the extras that a lock names, by package."""
    pins = re.findall(r"^([\w.-]+)(?:\[([\w,-]+)\])?==", lock.read_text(), re.MULTILINE)
    return {canonicalize_name(name): set(filter(None, extras.split(","))) for name, extras in pins}


def asked_extras(package):
    """Return the extras of other packages that a package cannot do without."""
    for line in package.requires or []:
        requirement = Requirement(line)
        marker = requirement.marker
        if requirement.extras and (marker is None or marker.evaluate({"extra": ""})):
            yield canonicalize_name(requirement.name), requirement.extras


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_the_lock_pins_every_extra_that_its_packages_ask_for(lock):
    # Pip does not see that "coverage==7" pins "coverage[toml]": it takes the newest release, and
    # refuses it because the lock holds no hash of it.
    pins = pinned(lock)

    for package in distributions():
        if canonicalize_name(package.metadata["Name"]) in pins:
            for name, extras in asked_extras(package):
                assert extras <= pins[name], f"{package.metadata['Name']} asks for {name}{extras}"
