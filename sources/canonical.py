"""One address for one document, however it was copied.

The canonical address is a key to compare by: nobody opens it, and no reader sees it. The address as
it was typed stays beside it. Two addresses become one only where the same document stands behind
both on any sane site; what joins the rest are redirects, which `sources.finding` remembers.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from urllib.parse import quote

from .tracking import is_tracking
from .web_addresses import DEFAULT_PORTS, NotAnAddress, WebAddress, parse

MAX_LENGTH = 2000
_ESCAPE = re.compile(r"%([0-9a-f]{2})?", re.IGNORECASE)
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
# Of a page that scripts draw, the fragment says which one it is.
_FRAGMENTS_OF_IDENTITY = ("!", "/")
_AMP_CACHE = re.compile(r"/[a-z]/(s/)?([^/]+\.[^/]+)(/.*)?")
_AMP_VIEWER = re.compile(r"/amp/(s/)?([^/]+\.[^/]+)(/.*)?")
_GOOGLE = re.compile(r"google(\.[a-z]{2,3}){1,2}")
_SLUG = re.compile(r"[0-9]|[^-]-[^-]")
_WIKIMEDIA = re.compile(
    r"(.+)\.m\.(wik(?:ipedia|imedia|idata|inews|iquote|isource|ivoyage|tionary)\.org)"
)
# `mobile.` is often a site of its own, about telephones.
MOBILE_HOSTS = frozenset({"mobile.twitter.com", "mobile.x.com", "mobile.nytimes.com"})
_AMP_SAYS_YES = ("", "1", "true", "yes")


def canonical(url: str) -> str:
    """Return the one address of the document at `url`; what is no web address comes back as typed.

    Applied twice it changes nothing more. The scheme becomes https, the host loses `www.`, `m.` and
    `amp.`, the path its escapes that are not needed (RFC 3986, section 6) and its last slash, the
    query what only tracks readers; the parameters that stay are in the order of their names.
    """
    typed = url.strip()
    try:
        address = parse(typed)
    except NotAnAddress:
        return typed
    fragment = typed.partition("#")[2]
    tells = fragment.startswith(_FRAGMENTS_OF_IDENTITY) and len(fragment) > 1
    return str(_settled(address)) + ("#" + _escaped(fragment) if tells else "")


def address_key(url: str) -> str:
    """Return the canonical address, cut with a hash where it is longer than the database keeps."""
    key = canonical(url)
    if len(key.encode()) <= MAX_LENGTH:
        return key
    return f"{quote(key, safe='%:/?&=#')[:1900]}#{sha256(key.encode()).hexdigest()}"


def _settled(address: WebAddress) -> WebAddress:
    """Return the address once no rule has anything to change. Each makes it shorter, so it ends."""
    while (simpler := _simplified(address)) != address:
        address = simpler
    return address


def _simplified(address: WebAddress) -> WebAddress:
    address = _out_of_amp_cache(address)
    address = replace(address, scheme="https", port=_port(address), host=_plain_host(address.host))
    path = _without_dots(_escaped(address.path))
    path = _without_amp(path).rstrip("/") or "/"
    return replace(address, path=path, query=_query(address))


def _port(address: WebAddress) -> int:
    is_default = address.port == DEFAULT_PORTS[address.scheme]
    return DEFAULT_PORTS["https"] if is_default else address.port


def _plain_host(host: str) -> str:
    """Return the host without what says how the document is shown."""
    if host in MOBILE_HOSTS:
        return host.removeprefix("mobile.")
    if wiki := _WIKIMEDIA.fullmatch(host):
        return ".".join(wiki.groups())
    label, _dot, rest = host.partition(".")
    is_numeric = rest.replace(".", "").isdecimal()
    return rest if label in ("www", "m", "amp") and "." in rest and not is_numeric else host


def _out_of_amp_cache(address: WebAddress) -> WebAddress:
    """Return the address of the document that a cache of Google's shows a copy of."""
    if address.host.endswith(".cdn.ampproject.org"):
        copy = _AMP_CACHE.fullmatch(address.path)
    elif _GOOGLE.fullmatch(address.host.removeprefix("www.")):
        copy = _AMP_VIEWER.fullmatch(address.path)
    else:
        return address
    if copy is None:
        return address
    is_secure, host, path = copy.groups(default="")
    try:
        return parse(f"http{'s' if is_secure else ''}://{host}{path}{address.query}")
    except NotAnAddress:
        return address


def _escaped(text: str) -> str:
    """Return text in which only what must be escaped is, with capital letters."""

    def one_way(escape: re.Match[str]) -> str:
        if escape[1] is None:
            return "%25"
        letter = chr(int(escape[1], 16))
        return letter if _UNRESERVED.fullmatch(letter) else escape[0].upper()

    return quote(_ESCAPE.sub(one_way, text), safe="!#$%&'()*+,/:;=?@[]~")


def _without_dots(path: str) -> str:
    """Return the path without `.` and `..` (RFC 3986, section 5.2.4)."""
    kept: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return "/" + "/".join(kept)


def _without_amp(path: str) -> str:
    """Return the path of the article that `path` shows in AMP.

    Only where it looks like the path of an article: `/tags/amp` is a page about something else.
    """
    segments = path.rstrip("/").split("/")
    last = segments[-1].removesuffix(".html").removesuffix(".amp")
    if segments[-1].endswith((".amp", ".amp.html")) and _SLUG.search(last):
        return "/".join([*segments[:-1], segments[-1].replace(".amp", "")])
    if last == "amp" and len(segments) > 2 and _SLUG.search(segments[-2]):
        return "/".join(segments[:-1])
    if segments[1:2] == ["amp"] and len(segments) > 2 and _SLUG.search(segments[-1]):
        return "/".join(["", *segments[2:]])
    return path


def _query(address: WebAddress) -> str:
    parameters = [_escaped(parameter) for parameter in address.query.removeprefix("?").split("&")]
    kept = sorted(_telling(parameters, address.host), key=lambda each: each.partition("=")[0])
    return "?" + "&".join(kept) if kept else ""


def _telling(parameters: list[str], host: str) -> Iterator[str]:
    """Yield the parameters that may tell which document it is."""
    for parameter in parameters:
        name, _equals, value = parameter.partition("=")
        is_amp = (name == "amp" and value in _AMP_SAYS_YES) or parameter == "outputType=amp"
        is_mobile = parameter == "m=1" and ".blogspot." in host
        if parameter and not (is_amp or is_mobile or is_tracking(name, host)):
            yield parameter
