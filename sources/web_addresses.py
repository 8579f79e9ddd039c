"""Reading http and https addresses strictly, so that nobody reads them differently.

Attacks on fetchers live where two readers of an address disagree (RFC 3986, the URL standard of
browsers, a library's own idea). What could be read in two ways is refused instead.
"""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, urljoin

DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_LENGTH = 8000

_PARTS = re.compile(r"(https?)://([^/?#]*)([^?#]*)(\?[^#]*)?(?:#.*)?", re.IGNORECASE)
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]]+)(?::([0-9]{1,5}))?", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_UNSAFE = re.compile(
    r"[\x00-\x20\x7f-\xa0\\\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]"
)
# RFC 3986, section 2: reserved and unreserved characters, and what is encoded already.
_SAFE = "!#$%&'()*+,/:;=?@[]~"


class NotAnAddress(ValueError):
    """It is no address of the web. `code` says what is wrong: a key of refusals.SENTENCES."""

    def __init__(self, code: str = "address") -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class WebAddress:
    """The parts of an address: host in ASCII and lower case, path and query percent-encoded."""

    scheme: str
    host: str
    port: int
    path: str
    query: str  # with its question mark; empty when there is none

    @property
    def host_and_port(self) -> str:
        """Return what the Host header says: the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host_and_port}"

    @property
    def target(self) -> str:
        """Return what the request line asks for."""
        return self.path + self.query

    def __str__(self) -> str:
        return self.origin + self.target

    def join(self, reference: str) -> "WebAddress":
        """Return where a Location header leads from here. Raises NotAnAddress."""
        if _UNSAFE.search(reference) or reference.startswith("///"):
            raise NotAnAddress
        if _SCHEME.match(reference):
            return parse(reference)
        try:
            place = urljoin(str(self), reference)
        except ValueError as error:
            raise NotAnAddress from error
        return parse(place)


def parse(url: str) -> WebAddress:
    """Return the parts of an http or https address. Its fragment is left out.

    Raises NotAnAddress for everything that browsers and programs might read differently: spaces,
    control characters, backslashes, userinfo, encoded hosts, numbers that stand for addresses.
    """
    parts = None if _UNSAFE.search(url) or len(url) > MAX_LENGTH else _PARTS.fullmatch(url)
    if parts is None:
        raise NotAnAddress
    scheme, authority, path, query = parts.groups(default="")
    if "@" in unicodedata.normalize("NFKC", authority):
        raise NotAnAddress("userinfo")
    host_and_port = _HOST.fullmatch(authority)
    if host_and_port is None:
        raise NotAnAddress
    host, port = host_and_port.groups()
    scheme = scheme.lower()
    return WebAddress(
        scheme=scheme,
        host=ascii_host(host),
        port=_port(port, scheme),
        path=_encoded(path) or "/",
        query=_encoded(query),
    )


def ascii_host(host: str) -> str:
    """Return a host as the network names it: ASCII, lower case, without a dot at its end.

    Letters of other scripts become Punycode as in UTS 46 (non-transitional); signs that are neither
    letters, marks nor digits are refused, invisible ones among them. Raises NotAnAddress for those,
    for labels that no name may have, and for an IPv4 address in any form but four plain decimals.
    """
    if host.startswith("["):
        return _ipv6(host[1:-1])
    labels = _mapped(host).removesuffix(".").split(".")
    labels = [label if label.isascii() else _punycode(label) for label in labels]
    name = ".".join(labels)
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise NotAnAddress
    return _ipv4(name) if _NUMBER.fullmatch(labels[-1]) else name


def _mapped(host: str) -> str:
    # Each letter by itself: the lower case of a Greek sigma depends on where it stands, and a host
    # must not.
    lower = "".join(letter.lower() for letter in unicodedata.normalize("NFKC", host))
    return unicodedata.normalize("NFKC", lower).replace("\u3002", ".")


def _punycode(label: str) -> str:
    if any(unicodedata.category(letter)[0] not in "LMN" for letter in label if letter != "-"):
        raise NotAnAddress
    return "xn--" + label.encode("punycode").decode()


def _ipv4(name: str) -> str:
    """Return the address; octal, hexadecimal, short and single numbers are refused."""
    try:
        return str(ipaddress.IPv4Address(name))
    except ValueError as error:
        raise NotAnAddress from error


def _ipv6(name: str) -> str:
    try:
        return str(ipaddress.IPv6Address(name))
    except ValueError as error:
        raise NotAnAddress from error


def _port(port: str | None, scheme: str) -> int:
    number = int(port) if port else DEFAULT_PORTS[scheme]
    if not 0 < number < 65536:
        raise NotAnAddress("port")
    return number


def _encoded(text: str) -> str:
    return quote(text, safe=_SAFE)
