"""The benches still run. What they measure is no matter here: see bench/README.md."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

CLAIMS = 240


def unmeasured():
    """Return the environment without what makes a process measure what it covers."""
    return {name: os.environ[name] for name in os.environ if not name.startswith("COVERAGE_")}


def run(*command, **environment):
    return subprocess.run(
        [sys.executable, "-m", *map(str, command)],
        cwd=settings.BASE_DIR,
        env={**unmeasured(), "DJANGO_SETTINGS_MODULE": "config.settings.testing", **environment},
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """A small desk in a folder, and what the bench said of a few pages."""
    folder = tmp_path_factory.mktemp("desk")
    size = ["--small", CLAIMS, "--large", CLAIMS, "--folder", folder, "--json", folder / "it.json"]
    quick = ["--rounds", 1, "--most-ratio", 0, "--only", "work queue", "claims.recusal"]
    return folder, run("bench.desk", *size, *quick, "--database", "sqlite")


def test_the_desk_is_measured_page_by_page(measured):
    folder, done = measured

    assert done.returncode == 0, done.stdout + done.stderr
    pages = {result["page"]: result for result in json.loads((folder / "it.json").read_text())}
    assert pages["claims.recusal"]["looks"][0]["rows"] > 0
    assert {look["status"] for result in pages.values() for look in result["looks"]} == {200}
    assert "| work queue |" in done.stdout


def test_a_database_that_holds_rows_is_not_filled(measured):
    folder, _ = measured
    address = f"sqlite:///{folder}/desk-{CLAIMS}.sqlite3"

    done = run("bench.make_desk", "--claims", 60, DATABASE_URL=address)

    assert done.returncode == 1
    assert "This database is not empty" in done.stderr
