"""Save Page Now 2, by which the Internet Archive keeps a copy of a page that it is asked for.

The address that is opened here is a setting, INTERNET_ARCHIVE_URL: whoever runs the site names it,
and nobody else can. So it need not pass `fetching.fetch`, which opens what strangers name and
nothing but the public web; a lab may well be on this machine. The limits are the same: each wait
is of the time that is left, bodies have a largest size, and no redirect is followed.
"""

import http.client
import json
import re
from contextlib import closing
from datetime import UTC, datetime
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .fetching import Limits, Refused
from .fetching.asking import Answer, receive, user_agent
from .fetching.deadlines import Deadline

LIMITS = Limits(connect=10, total=30, max_bytes=2 * 1024 * 1024)
WAYBACK = "https://web.archive.org/web"
# A copy of the last month will do. Whether it is the very first is not looked up for us.
OPTIONS = {"if_not_archived_within": "30d", "skip_first_archive": "1"}
JOB_ID = re.compile(r"[A-Za-z0-9-]{1,80}")
TIMESTAMP = re.compile(r"[0-9]{14}")
LONGEST_MESSAGE = 300

BUSY = "error:user-session-limit"
_SLOW = _("The site took too long to answer the Internet Archive. Ask again later.")
_SHUT = _("The site does not let the Internet Archive read this page.")
_ILL = _("The site answered the Internet Archive with an error. Ask again later.")
SENTENCES = {
    BUSY: _("The Internet Archive is still busy with other pages that we asked for."),
    "error:blocked": _SHUT,
    "error:no-access": _SHUT,
    "error:unauthorized": _SHUT,
    "error:blocked-url": _("The Internet Archive keeps no copies of this address."),
    "error:invalid-host-resolution": _("The Internet Archive found no site of this name."),
    "error:invalid-url-syntax": _("The Internet Archive does not take this for an address."),
    "error:not-found": _("The Internet Archive found no page at this address."),
    "error:too-many-redirects": _("The address leads on and on without an end."),
    "error:filesize-limit": _("The document is too large for the Internet Archive."),
    "error:browsing-timeout": _SLOW,
    "error:gateway-timeout": _SLOW,
    "error:read-timeout": _SLOW,
    "error:soft-time-limit-exceeded": _SLOW,
    "error:bad-gateway": _ILL,
    "error:invalid-server-response": _ILL,
    "error:service-unavailable": _ILL,
    "error:too-many-requests": _(
        "The site asks the Internet Archive for fewer visits. Ask again later."
    ),
    "error:too-many-daily-captures": _(
        "The Internet Archive has kept this address as often today as it may. Ask again tomorrow."
    ),
}
"""What a person reads, by the `status_ext` of an answer."""

UNREADABLE = _("The Internet Archive gave an answer that we cannot read.")


class NotKept(Exception):
    """The Internet Archive did not keep a copy, or not yet. Its text is for reviewers.

    `is_temporary` says whether to try again, `retry_after` how many seconds to wait at least: a day
    at most.
    """

    def __init__(
        self, sentence: str | Promise, *, is_temporary: bool = False, retry_after: int = 0
    ) -> None:
        super().__init__(str(sentence))
        self.is_temporary = is_temporary
        self.retry_after = retry_after


def ask_for(url: str) -> str:
    """Ask for a copy of an address, and return the name of the job that makes it.

    To ask for the same again is harmless: it leads to the same copy. Raises NotKept.
    """
    told = _told("POST", "/save", urlencode({"url": url, **OPTIONS}))
    job_id = told.get("job_id")
    if not isinstance(job_id, str) or not JOB_ID.fullmatch(job_id):
        raise _refusal(told)
    return job_id


def copy_by(job_id: str, url: str) -> tuple[str, datetime]:
    """Return where the copy of an address is that a job made, and when the page was read.

    Raises NotKept, which is temporary as long as the job goes on.
    """
    told = _told("GET", f"/save/status/{job_id}")
    if told.get("status") == "pending":
        raise NotKept(_("The Internet Archive has not finished yet."), is_temporary=True)
    timestamp = str(told.get("timestamp"))
    if told.get("status") != "success" or not TIMESTAMP.fullmatch(timestamp):
        raise _refusal(told)
    try:
        captured_at = datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise NotKept(UNREADABLE) from error
    return f"{WAYBACK}/{timestamp}/{url}", captured_at


def _told(method: str, path: str, form: str = "") -> dict[str, Any]:
    """Return what the Internet Archive answers. Raises NotKept for everything but a success."""
    answer = _answer(method, path, form)
    if not _is_read(answer):
        sentence = _("The Internet Archive asks us to come back later.")
        raise NotKept(sentence, is_temporary=True, retry_after=answer.retry_after or 0)
    if 300 <= answer.status < 400:
        raise NotKept(_("The Internet Archive sent us to another address, which we do not follow."))
    if answer.status in (401, 403):
        raise NotKept(_("The Internet Archive does not accept our keys. Tell an administrator."))
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise NotKept(UNREADABLE) from error
    if not isinstance(told, dict):
        raise NotKept(UNREADABLE)
    if answer.status != 200 or told.get("status") == "error":
        raise _refusal(told)
    return told


def _is_read(answer: Answer) -> bool:
    """Say whether what the answer says counts. If not, it is too busy or out of order."""
    return answer.status != 429 and answer.status < 500


def _refusal(told: dict[str, Any]) -> NotKept:
    code = str(told.get("status_ext"))
    return NotKept(SENTENCES.get(code) or _own_words(told), is_temporary=code == BUSY)


def _own_words(told: dict[str, Any]) -> str | Promise:
    """Return the message of an answer, in one line, without what no database would store."""
    words = " ".join(str(told.get("message") or "").split())
    said = "".join(sign for sign in words if sign.isprintable())
    if not said:
        return UNREADABLE
    return _("The Internet Archive says: %(message)s") % {"message": said[:LONGEST_MESSAGE]}


def _answer(method: str, path: str, form: str) -> Answer:
    """Return the answer to one request. Raises NotKept."""
    deadline = Deadline(LIMITS.total)
    try:
        base = urlsplit(settings.INTERNET_ARCHIVE_URL)
        with closing(_connection(base)) as connection:
            connection.connect()
            connection.sock.settimeout(deadline.left())
            connection.request(method, base.path.rstrip("/") + path, form or None, _headers())
            return receive(connection.sock, deadline, LIMITS, _is_read)
    except Refused as refusal:
        if refusal.is_temporary:
            raise _silent() from None
        raise NotKept(UNREADABLE) from None
    # Not from the error: it may quote the header that holds the secret.
    except (OSError, http.client.HTTPException, ValueError):
        raise _silent() from None


def _silent() -> NotKept:
    return NotKept(_("The Internet Archive does not answer."), is_temporary=True)


def _connection(base: SplitResult) -> http.client.HTTPConnection:
    is_plain = base.scheme == "http"
    kind = http.client.HTTPConnection if is_plain else http.client.HTTPSConnection
    return kind(base.hostname or "", base.port, timeout=LIMITS.connect)


def _headers() -> dict[str, str]:
    keys = f"{settings.INTERNET_ARCHIVE_ACCESS_KEY}:{settings.INTERNET_ARCHIVE_SECRET_KEY}"
    return {
        "Accept": "application/json",
        "Authorization": f"LOW {keys}",
        "Connection": "close",
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": user_agent(),
    }
