"""As on clusters, these tests hold whether or not cloudpickle happens to be installed."""

from __future__ import annotations

from tests.cluster.conftest import no_cloudpickle

__all__ = ["no_cloudpickle"]
