"""The catalogues: every language says everything, and says it with the same placeholders."""

import gettext
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import to_locale

LOCALE = Path(settings.BASE_DIR) / "locale"
OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]
HOLE = re.compile(r"%\([a-z_]+\)[sd]|%[sd%]|\{[a-z_]*\}|</?[a-z]+[^>]*>")
COUNTS = {"%(count)s", "%(count)d"}
"""A form for one, or for none, may say the number in words."""


def path(code, ending):
    return LOCALE / to_locale(code) / "LC_MESSAGES" / f"django.{ending}"


def messages(code):
    """Return the strings of a catalogue by context and English, each with its forms."""
    # Babel has other plural forms for some languages than Django: here they are only read.
    with path(code, "po").open("rb") as file:
        catalogue = read_po(file)
    found = {}
    for message in catalogue:
        if message.id:
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            forms = message.string if isinstance(message.string, tuple) else (message.string,)
            found[message.context, ids] = (forms, message.fuzzy)
    return found


@pytest.mark.parametrize("code", OTHERS)
def test_no_string_is_missing_or_fuzzy(code):
    wrong = [
        ids[0]
        for (_context, ids), (forms, fuzzy) in messages(code).items()
        if fuzzy or not all(forms)
    ]

    assert wrong == []


def test_every_language_has_the_same_strings():
    english = {code: set(messages(code)) for code in OTHERS}

    for code in OTHERS:
        assert english[code] == english[OTHERS[0]], code


@pytest.mark.parametrize("code", OTHERS)
def test_every_translation_has_the_holes_of_the_english(code):
    wrong = []
    for (_context, ids), (forms, _fuzzy) in messages(code).items():
        holes = sorted(HOLE.findall(ids[-1]))
        for form in forms:
            found = sorted(HOLE.findall(form))
            lacks = set(holes) - set(found)
            may_lack = len(ids) > 1 and lacks <= COUNTS and set(found) <= set(holes)
            if found != holes and not may_lack:
                wrong.append((ids[0], form))

    assert wrong == []


@pytest.mark.parametrize("code", OTHERS)
def test_the_compiled_catalogue_says_the_same(code):
    with path(code, "mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog
    expected = {}
    for (context, ids), (forms, _fuzzy) in messages(code).items():
        key = f"{context}\x04{ids[0]}" if context else ids[0]
        if len(ids) == 1:
            expected[key] = forms[0]
        else:
            expected |= {(key, number): form for number, form in enumerate(forms)}
    compiled.pop("")

    assert compiled == expected
