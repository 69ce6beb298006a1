"""How many may come at once, and how fast: the system's limits and our own."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _

from chatapp.core.settings import Settings
from chatapp.server.examination.finding import Finding, look, ok
from chatapp.server.status import Status

#: Files that the server needs beside one for each connection, with room to spare.
_OWN_FILES = 64
#: With fewer a class or two can come, and not a company.
_FEW = 1000
#: Of the connections that there may be: from there on it is time to think of more.
_NEARLY = 0.8


def limits(rules: Settings, files: int, status: Status | None) -> Iterator[Finding]:
    """What limits the server; ``files`` may be open at once (0: as many as one likes)."""
    most = max(files - _OWN_FILES, 0)
    remedy = _("raise the limit of open files (LimitNOFILE= of a service, or ulimit -n)")
    if not files:
        yield ok("limits", _("As many connections as one likes."))
    elif status is not None and status.connections > most * _NEARLY:
        text = _("{count} connections of {most} that there may be.")
        yield look("limits", text.format(count=status.connections, most=most), remedy)
    elif most < _FEW:
        yield look("limits", _("No more than {most} connections at once.").format(most=most), remedy)
    else:
        yield ok("limits", _("Up to {most} connections at once.").format(most=most))
    yield _per_address(rules)


def _per_address(rules: Settings) -> Finding:
    limits, is_public = rules.limits, rules.server.public
    if is_public and not (limits.connections_per_ip and limits.connection_rate_per_ip):
        text = _("One public address may take all connections there are.")
        remedy = _("set connections_per_ip and connection_rate_per_ip, such as 16 and 60")
        return look("limits", text, remedy)
    if not limits.flood_protection:
        text = _("Whoever speaks too fast is not slowed down.")
        return look("limits", text, _("set [limits] flood_protection = true"))
    private = str(limits.connections_per_private_ip or _("any number"))
    if not is_public:
        return ok("limits", _("From one address: {private} connections.").format(private=private))
    text = _(
        "From one address: {public} connections ({private} from a private one), {rate} new ones a minute."
    )
    return ok(
        "limits",
        text.format(public=limits.connections_per_ip, private=private, rate=limits.connection_rate_per_ip),
    )
