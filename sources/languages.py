"""Words and languages of texts, as far as regular expressions tell them."""

import re

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

LANGUAGE_TAG = r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"
"""The shape of a language tag (RFC 5646): en, zh-Hans, pt-BR."""
is_language_tag = RegexValidator(
    rf"\A{LANGUAGE_TAG}\Z",
    _("Write a language tag such as en, zh-Hans or pt-BR."),
)
WORDS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
"""Words; in scripts that set no spaces, Chinese and Japanese, each sign is one."""
