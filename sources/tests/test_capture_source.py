"""Keeping copies from the terminal."""

import hashlib
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from claims.tests.factories import make_source
from sources.models import Capture, Snapshot, Source

from .documents import page
from .hostile import answer

pytestmark = pytest.mark.django_db


def run(*urls, **options):
    """Return what the command said, as objects, and whether it ended well."""
    said = StringIO()
    try:
        call_command("capture_source", *urls, stdout=said, **options)
    except CommandError:
        return said.getvalue(), False
    return said.getvalue(), True


def test_an_address_is_kept_and_told_as_json(web):
    web.pages["/a"] = answer(page())

    said, ended_well = run(web.url("/a"), json=True)

    snapshot = Snapshot.objects.get()
    assert ended_well
    assert json.loads(said) == {
        "url": web.url("/a"),
        "captured": True,
        "source": snapshot.source_id,
        "snapshot": snapshot.pk,
        "final_url": web.url("/a"),
        "status": 200,
        "sha256": hashlib.sha256(snapshot.text.encode()).hexdigest(),
        "payload_sha256": hashlib.sha256(page()).hexdigest(),
        "title": "Taxes doubled",
        "characters": len(snapshot.text),
        "note": "",
    }


def test_addresses_come_from_a_file_and_one_refusal_ends_with_1(web, tmp_path):
    web.pages["/a"] = answer(page())
    urls = [web.url("/a"), web.url("/missing"), "http://10.0.0.1/", "gopher://x", "x" * 3000]
    file = tmp_path / "urls"
    file.write_text("\n".join([*urls, "", "  "]))

    said, ended_well = run(file=file, json=True)

    lines = [json.loads(line) for line in said.splitlines()]
    assert not ended_well
    assert [line["url"] for line in lines] == urls
    assert [line["captured"] for line in lines] == [True, False, False, False, False]
    assert all(line["reason"] for line in lines[1:])
    assert Source.objects.count() == 1


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "//127.0.0.1/", "http://0x7f.1/", "http://127%2e0.0.1/", "http://db/"],
)
def test_what_is_no_address_of_the_web_is_refused_with_what_to_do(url):
    said, _ = run(url)

    assert "it begins with http:// or https://" in said


def test_a_refusal_is_told_in_words(web):
    said, ended_well = run(web.url("/missing"))

    assert not ended_well
    assert said.startswith(f"Not kept: {web.url('/missing')}: The site has no such page")


def test_a_copy_is_told_in_words(web):
    web.pages["/a"] = answer(page())

    said, _ = run(web.url("/a"))

    assert said.startswith(f"Kept: {web.url('/a')}: snapshot {Snapshot.objects.get().pk}, ")


def test_a_source_that_exists_gets_the_copy_and_stays_when_it_is_refused(web):
    source = make_source(url=web.url("/missing"))

    run(web.url("/missing"))

    assert Source.objects.get() == source
    assert Capture.objects.get().state == "failed"


def test_the_command_asks_for_an_address():
    with pytest.raises(CommandError, match="Name an address"):
        call_command("capture_source")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("capture_source", file=tmp_path / "none")
