"""How many files this process may have open at once; each connection is one."""

from __future__ import annotations

import logging
from gettext import gettext as _

log = logging.getLogger(__name__)

#: So many open files where the system names no limit.
_FILES = 10240


def file_limit() -> int:
    """How many files this process may have open at once; 0 where there is no limit, or none is known."""
    try:
        import resource
    except ImportError:
        return 0
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 0 if soft == resource.RLIM_INFINITY else soft


def raise_file_limit() -> None:
    """Let this process have as many connections as the system allows it."""
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = hard
    if hard == resource.RLIM_INFINITY:
        wanted = _FILES  # macOS says "no limit" and then refuses that
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (ValueError, OSError) as why:
            log.warning(_("At most %d connections: %s"), soft, why)
