"""Words and languages of texts, as far as regular expressions tell them."""

import re

LANGUAGE_TAG = r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"
"""The shape of a language tag (RFC 5646): en, zh-Hans, pt-BR."""
WORDS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
"""Words; in scripts that set no spaces, Chinese and Japanese, each sign is one."""
