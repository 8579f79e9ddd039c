"""What holds of the site before its first page: settings, policy, database."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.db.utils import ConnectionHandler

from config.settings.base import database, snapshot_storage

ROOT = Path(__file__).parent.parent
PRODUCTION = {
    "SECRET_KEY": "7Jq-x0Zv3mWk5Rt8Yb1Nc4Fd6Hg9Lp2Sa-eUiOoQwErTyUiOpAsDfGhJkLzXcVbNm",
    "ALLOWED_HOSTS": "claims.example",
    "DATABASE_URL": "sqlite://:memory:",
    "EMAIL_URL": "smtp+tls://claims:secret@mail.example:587",
    "DEFAULT_FROM_EMAIL": "claims@claims.example",
}
STRICT_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def manage(*arguments, settings, **environment):
    """Run manage.py as a person would, with these environment variables and no other of ours."""
    kept = {name: os.environ[name] for name in os.environ if name not in PRODUCTION}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**kept, "DJANGO_SETTINGS_MODULE": f"config.settings.{settings}", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def policy(response):
    """Return the directives of a page's Content-Security-Policy."""
    directives = response.headers["Content-Security-Policy"].split("; ")
    return dict(directive.split(" ", 1) for directive in directives)


@pytest.fixture
def file_connection(tmp_path, db):
    """A connection to a SQLite file, set up as settings set it up."""
    url = f"sqlite:///{tmp_path / 'claims.sqlite3'}"
    connection = ConnectionHandler({"default": database(url)})["default"]
    yield connection
    connection.close()


@pytest.mark.parametrize("missing", PRODUCTION)
def test_production_refuses_to_start_and_names_what_is_missing(missing):
    environment = {name: value for name, value in PRODUCTION.items() if name != missing}

    refused = manage("check", settings="production", **environment)

    sentence = refused.stderr.strip().splitlines()[-1]
    assert refused.returncode != 0
    assert "The site cannot start: set these environment variables first" in sentence
    assert missing in sentence
    assert not [name for name in environment if f"{name} (" in sentence]


def test_production_names_everything_that_is_missing_at_once():
    refused = manage("check", settings="production")

    sentence = refused.stderr.strip().splitlines()[-1]
    assert refused.returncode != 0
    assert all(name in sentence for name in PRODUCTION)


def test_production_passes_the_deployment_check_without_a_warning():
    checked = manage(
        "check", "--deploy", "--fail-level", "WARNING", settings="production", **PRODUCTION
    )

    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def test_production_believes_a_proxy_about_https_only_when_told_to():
    ask = ["shell", "--verbosity=0", "-c"]
    ask.append(
        "from django.conf import settings; print('header:', settings.SECURE_PROXY_SSL_HEADER)"
    )

    alone = manage(*ask, settings="production", **PRODUCTION)
    behind = manage(*ask, settings="production", **PRODUCTION, BEHIND_HTTPS_PROXY="true")

    assert "header: None" in alone.stdout
    assert "header: ('HTTP_X_FORWARDED_PROTO', 'https')" in behind.stdout


def test_production_asks_for_second_factors():
    ask = ["shell", "--verbosity=0", "-c"]
    ask.append("from django.conf import settings; print('required:', settings.MFA_REQUIRED)")

    asked = manage(*ask, settings="production", **PRODUCTION)

    assert "required: True" in asked.stdout


@pytest.mark.parametrize(
    ("settings", "environment", "origin"),
    [
        ("production", {**PRODUCTION, "SITE_URL": ""}, "https://claims.example"),
        (
            "production",
            {**PRODUCTION, "ALLOWED_HOSTS": ".a.example,b.example"},
            "https://a.example",
        ),
        ("production", {**PRODUCTION, "SITE_URL": "https://b.example/"}, "https://b.example"),
        ("development", {"HOST": "127.0.0.1", "PORT": "8001"}, "http://127.0.0.1:8001"),
        ("development", {"HOST": "::1", "PORT": "8000"}, "http://[::1]:8000"),
        ("development", {"SITE_URL": "https://b.example"}, "https://b.example"),
    ],
)
def test_links_in_mail_lead_to_the_site(tmp_path, settings, environment, origin):
    ask = ["shell", "--verbosity=0", "-c"]
    ask.append("from django.conf import settings; print('origin:', settings.MAIL_ORIGIN)")

    asked = manage(*ask, settings=settings, VAR_DIR=str(tmp_path), **environment)

    assert f"origin: {origin}\n" in asked.stdout, asked.stderr


def test_production_refuses_to_start_when_links_in_mail_would_lead_nowhere():
    refused = manage("check", settings="production", **{**PRODUCTION, "ALLOWED_HOSTS": "*"})

    assert refused.returncode != 0
    assert "Set SITE_URL" in refused.stderr


def test_production_refuses_to_start_where_sources_could_be_read_from_this_machine():
    refused = manage("check", settings="production", **PRODUCTION, FETCH_ALLOWS_LOOPBACK="true")

    assert refused.returncode != 0
    assert "The site cannot start: FETCH_ALLOWS_LOOPBACK" in refused.stderr


@pytest.mark.parametrize(
    ("environment", "contact"),
    [
        ({}, "claims@claims.example"),
        ({"DEFAULT_FROM_EMAIL": "The desk <desk@claims.example>"}, "desk@claims.example"),
        ({"SITE_URL": "https://facts.example/"}, "https://facts.example"),
        ({"SITE_URL": "https://facts.example", "FETCH_CONTACT": "bot@x.example"}, "bot@x.example"),
    ],
)
def test_sites_that_are_read_learn_whom_to_write_to(environment, contact):
    ask = ["shell", "--verbosity=0", "-c"]
    ask.append("from django.conf import settings; print('contact:', settings.FETCH_CONTACT)")

    asked = manage(*ask, settings="production", **{**PRODUCTION, **environment})

    assert f"contact: {contact}\n" in asked.stdout, asked.stderr


def test_copies_in_a_bucket_go_there_as_they_are_and_without_an_acl():
    assert snapshot_storage("copies", "https://s3.example") == {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": "copies",
            "endpoint_url": "https://s3.example",
            "object_parameters": {"ContentType": "application/warc"},
        },
    }


def test_development_makes_a_secret_key_once_and_keeps_it_from_others(tmp_path):
    ask = ["shell", "--verbosity=0", "-c"]
    ask.append("from django.conf import settings; print('key:', settings.SECRET_KEY)")

    first = manage(*ask, settings="development", VAR_DIR=str(tmp_path))
    second = manage(*ask, settings="development", VAR_DIR=str(tmp_path))

    kept = tmp_path / "secret-key"
    assert first.stdout == second.stdout == f"key: {kept.read_text()}\n"
    assert len(kept.read_text()) >= 50
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.django_db
def test_reader_pages_send_the_strict_policy(client):
    response = client.get("/")

    assert response.status_code == 200
    assert policy(response) == STRICT_POLICY


@pytest.mark.django_db
def test_page_that_is_not_there_sends_the_strict_policy(client):
    response = client.get("/no-such-page/")

    assert response.status_code == 404
    assert policy(response) == STRICT_POLICY


@pytest.mark.django_db
def test_admin_may_style_its_widgets_and_run_no_inline_script(client):
    allowed = policy(client.get("/admin/login/"))

    assert allowed["script-src"] == "'self'"
    assert allowed["style-src"] == "'self'"
    assert allowed["style-src-attr"] == "'unsafe-inline'"


@pytest.mark.django_db
def test_invitation_page_sends_the_strict_policy(client):
    response = client.get("/accounts/invitation/no-such-token/")

    assert response.status_code == 410
    assert policy(response) == STRICT_POLICY


def test_sqlite_keeps_what_people_were_told_is_saved(file_connection):
    with file_connection.cursor() as cursor:
        in_force = {
            pragma: cursor.execute(f"PRAGMA {pragma}").fetchone()[0]
            for pragma in ("journal_mode", "synchronous", "foreign_keys")
        }

    full = 2
    assert in_force == {"journal_mode": "wal", "synchronous": full, "foreign_keys": 1}


def test_sqlite_transaction_takes_its_turn_before_it_reads(file_connection, tmp_path):
    file_connection.ensure_connection()
    other = sqlite3.connect(tmp_path / "claims.sqlite3", timeout=0)

    file_connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    file_connection.rollback()

    other.execute("BEGIN IMMEDIATE")
    other.close()
