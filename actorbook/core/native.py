"""A mark for mypyc, which compiles the core on request: classes that uncompiled code may inherit from.

Uncompiled, it does nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["mypyc_attr"]

if TYPE_CHECKING:
    from mypy_extensions import mypyc_attr
else:

    def mypyc_attr(**options: Any) -> Any:
        """Give the class back as it is."""
        return lambda cls: cls
