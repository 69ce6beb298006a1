"""The TLS of every listener: read at the start, and again when the operator says so."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from gettext import gettext as _
from pathlib import Path

from chatapp.irc.fingerprint import short
from chatapp.listeners.standard_tls import StandardLayer
from chatapp.listeners.tls import Layer, Tls
from chatapp.server.banner import lan_address
from chatapp.server.certificate import (
    BadCertificate,
    is_vouched_for,
    kept_certificate,
    load_certificate,
    load_ephemeral,
    server_names,
)
from chatapp.server.settings import ListenerSettings

log = logging.getLogger(__name__)


class Encryption:
    """Who of ``listeners`` speaks TLS, and with which key.

    Without a certificate of the operator's the server has its own, in ``folder``; with no folder, one that
    ends with it. With ``asks`` callers may show a certificate of theirs, too.

    Raises:
        BadCertificate: One of them cannot be used, or nobody can be asked here.
    """

    def __init__(
        self, listeners: Sequence[ListenerSettings], folder: Path | None, asks: bool = False
    ) -> None:
        self._folder = folder
        self._asks = asks
        self._digests: dict[ListenerSettings, str] = {}
        self._tls: dict[ListenerSettings, Tls] = {}
        self._ephemeral: tuple[Layer, str] | None = None
        self._vouched: set[ListenerSettings] = set()
        for listener in listeners:
            if listener.tls and not listener.path and listener not in self._tls:
                layer, self._digests[listener] = self._read(listener)
                self._tls[listener] = Tls(layer)

    def of(self, listener: ListenerSettings) -> Tls | None:
        """What ``listener`` needs for TLS; None if it speaks none."""
        return self._tls.get(listener)

    def is_vouched_for(self, listener: ListenerSettings) -> bool:
        """Whether clients that trust an authority can trust what ``listener`` shows."""
        return listener in self._vouched

    @property
    def fingerprints(self) -> list[str]:
        """The keys that callers will see, each once, in their short form."""
        return [short(digest) for digest in dict.fromkeys(self._digests.values())]

    def reload(self, asks: bool) -> None:
        """Read every certificate again, for those who come from now on. A broken one changes nothing."""
        self._asks = asks
        for listener, tls in self._tls.items():
            try:
                layer, self._digests[listener] = self._read(listener)
            except BadCertificate as why:
                log.error(_("The certificate stays what it was: %s"), why)
            else:
                tls.layer = layer
                log.info(_("The certificate was read again; the key is %s"), short(self._digests[listener]))

    def _read(self, listener: ListenerSettings) -> tuple[Layer, str]:
        layer = self._new_layer()
        if listener.tls_certificate:
            key = Path(listener.tls_key).expanduser() if listener.tls_key else None
            path = Path(listener.tls_certificate).expanduser()
            digest = load_certificate(layer, path, key)
            self._vouched.discard(listener)
            if is_vouched_for(path):
                self._vouched.add(listener)
            return layer, digest
        if self._folder is not None:
            path = kept_certificate(self._folder, server_names(lan_address()))
            return layer, load_certificate(layer, path)
        if self._ephemeral is None:
            self._ephemeral = layer, load_ephemeral(layer, server_names(lan_address()))
        return self._ephemeral

    def _new_layer(self) -> Layer:
        if not self._asks:
            return StandardLayer()
        try:
            from chatapp.listeners.certfp import AskingLayer
        except ImportError as why:
            words = _('EXTERNAL in sasl_mechanisms needs an extra: pip install "chatapp[certfp]" ({reason})')
            raise BadCertificate(words.format(reason=why)) from why
        try:
            return AskingLayer()
        except MemoryError as why:  # of cffi, whose calls back are code that it writes
            raise BadCertificate(
                _("EXTERNAL in sasl_mechanisms cannot work here: set MemoryDenyWriteExecute=no in the unit")
            ) from why
