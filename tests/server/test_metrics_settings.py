"""Where metrics may be given: at no address that the internet reaches."""

from __future__ import annotations

import pytest

from chatapp.server.config import ConfigError, load


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "10.1.2.3", "192.168.0.7", "fd00::1"])
def test_metrics_are_given_on_this_machine_or_a_private_network(host):
    assert load(None, {"CHATAPP_METRICS__HOST": host}).metrics.host == host


@pytest.mark.parametrize(
    "host", ["8.8.8.8", "0.0.0.0", "::", "", "example.org", "2606:4700::1", "::ffff:8.8.8.8"]
)
def test_metrics_are_not_given_to_the_internet(host):
    with pytest.raises(ConfigError) as told:
        load(None, {"CHATAPP_METRICS__HOST": host})
    assert "[metrics] host: expected localhost, or an address of this machine" in str(told.value)
