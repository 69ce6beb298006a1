"""Which certificate callers by TLS see, for what name, until when, and whether it can be used."""

from __future__ import annotations

from datetime import datetime, timedelta
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path

from chatapp.irc.fingerprint import short
from chatapp.irc.visible import visible
from chatapp.listeners.standard_tls import StandardLayer
from chatapp.server.certificate import (
    BadCertificate,
    CertificateFacts,
    facts_of,
    load_certificate,
)
from chatapp.server.examination.finding import Finding, as_its_user, fix, look, ok
from chatapp.server.settings import Config, ListenerSettings
from chatapp.store.directory import CERTIFICATE

#: Who has not renewed it by then has been forgotten by whatever should have done it.
_SOON = timedelta(days=14)


def certificates(config: Config, directory: Path | None, now: datetime) -> list[Finding]:
    """A finding for each certificate that the listeners of ``config`` show; ``now`` is in UTC."""
    own = directory / CERTIFICATE if directory else None
    files = dict.fromkeys(
        _files(listener, own) for listener in config.listeners if listener.tls and not listener.path
    )
    return [_certificate(certificate, key, certificate == own, now) for certificate, key in files]


def _files(listener: ListenerSettings, own: Path | None) -> tuple[Path | None, Path | None]:
    """Where the certificate of ``listener`` is, and its key if it is elsewhere."""
    if not listener.tls_certificate:
        return own, None
    key = Path(listener.tls_key).expanduser() if listener.tls_key else None
    return Path(listener.tls_certificate).expanduser(), key


def _certificate(certificate: Path | None, key: Path | None, is_own: bool, now: datetime) -> Finding:
    if certificate is None:
        return ok("certificate", _("The server makes a new key at each start, since nothing is kept."))
    if is_own and not _may_be(certificate):
        return ok("certificate", _("The server makes a key and a certificate at its first start."))
    try:
        digest = load_certificate(StandardLayer(), certificate, key)
        facts = facts_of(certificate)
    except BadCertificate as why:
        remedy = _("put the file right, or name another; tls = false does without TLS")
        if is_own and isinstance(why.__cause__, PermissionError):
            remedy = as_its_user()
        elif is_own:
            remedy = _("bring it back from a backup; or remove it, and a new key is made")
        return fix("certificate", f"{why}.", remedy)
    return _in_time(certificate, facts, short(digest), is_own, now)


def _may_be(path: Path) -> bool:
    """Whether there is something at ``path``, or this user may not see whether there is."""
    try:
        return path.exists()
    except OSError:
        return True


def _in_time(path: Path, facts: CertificateFacts, key: str, is_own: bool, now: datetime) -> Finding:
    until = facts.until.strftime("%Y-%m-%d")
    names = ", ".join(map(visible, facts.names[:3])) or "?"
    if is_own:
        remedy = _("remove {path} and restart: a new key is made, of which you tell people").format(path=path)
        text = _("The server's own, good until {until}; key {key}.").format(until=until, key=key)
    else:
        remedy = _("renew it, then have it read again: kill -HUP, or systemctl reload chatapp")
        text = _("{path} for {names}, good until {until}; key {key}.").format(
            path=path, names=names, until=until, key=key
        )
    if now >= facts.until:
        text = _("{path} for {names} has expired on {until}.").format(path=path, names=names, until=until)
        return fix("certificate", text, remedy)
    if now < facts.since:
        text = _("{path} for {names} is good from {since} on only.")
        since = facts.since.strftime("%Y-%m-%d")
        return fix(
            "certificate",
            text.format(path=path, names=names, since=since),
            _("set the clock of this machine"),
        )
    if facts.until - now < _SOON:
        days = max((facts.until - now).days, 0)
        words = ngettext(
            "{path} for {names} expires in {days} day.", "{path} for {names} expires in {days} days.", days
        )
        return look("certificate", words.format(path=path, names=names, days=days), remedy)
    return ok("certificate", text)
