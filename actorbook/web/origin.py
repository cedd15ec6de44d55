"""Whether a page of another site may connect: the `Origin` that a browser sends, against what is allowed (CH-04).

>>> allowed(None, True, "example.com", 80), allowed("https://evil.com", True, "example.com", 80)
(True, False)
>>> allowed("https://a.example.com:8080", ["//*.example.com"], "", None)
True
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

__all__ = ["allowed"]

_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


def allowed(origin: str | None, check: Any, host: str, port: int | None, scheme: str = "http") -> bool:
    """`check`: True (the endpoint's own host), False (anybody), a list, `"conn"` (as requested), or a predicate."""
    if origin is None or check is False:
        return True
    try:
        site = urlsplit(origin)
        site_port = site.port or _PORTS.get(site.scheme)
    except ValueError:
        return False
    if callable(check):
        return bool(check(site))
    if check is True:
        return (site.hostname or "") == host.lower()
    if check == "conn":
        own = port or _PORTS.get(scheme)
        return (site.hostname, site_port, site.scheme in ("https", "wss")) == (
            host.lower(),
            own,
            scheme in ("https", "wss"),
        )
    return any(_fits(urlsplit(pattern), site, site_port) for pattern in check)


def _fits(pattern: Any, site: Any, site_port: int | None) -> bool:
    if pattern.scheme and pattern.scheme != site.scheme:
        return False
    if pattern.port and pattern.port != site_port:
        return False
    wanted, host = pattern.hostname or "", site.hostname or ""
    return host.endswith(wanted[1:]) if wanted.startswith("*.") else host == wanted
