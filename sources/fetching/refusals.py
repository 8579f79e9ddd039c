"""Why an address was not fetched: a stable code, and a sentence that says what to do next."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "address": _(
        "This is not a web address that we open. Copy it from the browser: it begins with http:// "
        "or https:// and has no spaces in it."
    ),
    "userinfo": _(
        "The address holds a name or a password before an @ sign. Take them out and try again."
    ),
    "port": _("The address names a port that we do not open. Use one without a port number."),
    "name": _("No site has this name. Look for a typing error, or whether the site is gone."),
    "private-address": _(
        "This address is not on the public web, so it is not opened. Use one that every reader "
        "can open."
    ),
    "unreachable": _("The site does not answer. Try again later, or look for another copy."),
    "tls": _(
        "The site could not prove who it is (its certificate is not valid). Open the page in a "
        "browser to see why, and look for another copy."
    ),
    "timeout": _("The site took too long to answer. Try again later, or look for another copy."),
    "too-large": _("The document is too large to keep. Look for a shorter version of it."),
    "broken": _(
        "The site’s answer broke off or is not valid. Try again later, or look for another copy."
    ),
    "encoding": _("The site packs its answer in a way that we do not read. Look for another copy."),
    "content-type": _(
        "This is not a kind of document that we keep. Use the page, text or PDF that shows it."
    ),
    "redirects": _(
        "The address leads on and on without an end. Open it in a browser, and use the address "
        "where it arrives."
    ),
    "robots": _(
        "The site asks programs not to read this page (robots.txt). Read it in a browser, and keep "
        "its words by hand."
    ),
    "robots-unreachable": _(
        "The site could not say whether programs may read it (robots.txt). Try again later."
    ),
    "busy": _("We are reading another page of this site. Try again in a minute."),
    "status": _("The site has no such page for us: it answers with an error. Check the address."),
}
"""What a person reads, by code. No sentence tells which address a name led to."""

TEMPORARY = {"unreachable", "timeout", "broken", "robots-unreachable", "busy"}
TEMPORARY_STATUSES = {408, 425, 429, 500, 502, 503, 504}


class Refused(Exception):
    """An address that was not fetched. Its text is for the person who asked.

    `code` is a key of SENTENCES; `status` is what the site answered, where it did; `retry_after`
    are the seconds that it, or our own politeness, asks to wait; `url` is where it ended, which
    after a redirect is not the address that was asked for.
    """

    def __init__(
        self,
        code: str,
        *,
        status: int | None = None,
        retry_after: int | None = None,
        url: str = "",
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.retry_after = retry_after
        self.url = url

    def __str__(self) -> str:
        return str(SENTENCES[self.code])

    @property
    def is_temporary(self) -> bool:
        """Say whether the same address may well be fetched later."""
        return self.code in TEMPORARY or self.status in TEMPORARY_STATUSES
