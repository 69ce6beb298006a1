"""Metrics: what is counted, what is looked up, where they are given, and the page that lists them."""

from __future__ import annotations

import asyncio
import re
import sys
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from listeners.house import Peer, on_every_loop, run, settle
from ports import free_port
from server.test_app import call, config, enter, serving

from chatapp.core.vitals import Buckets, Vitals
from chatapp.server.app import CannotServe
from chatapp.server.scraping import ScrapePort, metrics_offered
from chatapp.server.settings import MetricsSettings

pytest.importorskip("prometheus_client")
from chatapp.server.metrics import Metrics

PAGE = (Path(__file__).parents[2] / "docs/metrics.md").read_text("utf-8")


async def leave(*peers):
    for peer in peers:
        peer.writer.close()
        with suppress(ConnectionError):
            await peer.writer.wait_closed()


async def fetch(port, request=b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"):
    """The status of the answer, and its body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    try:
        answer = await reader.read()
    except ConnectionError:  # it hung up before it had read all of that
        answer = b""
    await leave(Peer(reader, writer))
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.decode().split("\r\n")[0].removeprefix("HTTP/1.1 "), body.decode()


@asynccontextmanager
async def port_of(text):
    """A port for metrics that are ``text``: its number."""
    port = ScrapePort(lambda: text)
    _host, number = await port.listen("127.0.0.1", 0)
    try:
        yield number
    finally:
        port.close()


def numbers(text):
    """Each sample by its name with its labels."""
    rows = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in rows}


def test_a_duration_falls_into_the_first_bucket_that_holds_it():
    buckets = Buckets(0.1, 1)
    for seconds in (0, 0.1, 0.2, 1, 2, 50):
        buckets.note(seconds)

    assert (buckets.counts, buckets.total) == ([2, 2, 2], 53.3)


def test_what_was_kept_counts_messages_and_time():
    vitals = Vitals()
    vitals.kept(3, 0.25)
    vitals.kept(0, 0.5)

    assert (vitals.messages, vitals.commits.total, sum(vitals.commits.counts)) == (3, 0.75, 2)


@on_every_loop
def test_a_chat_is_counted(loop_factory, tmp_path):
    async def scene():
        async with serving(config(tmp_path)) as app:
            metrics = Metrics(app.sights())
            before = numbers(metrics.text().decode())
            nobody = {
                name: count for name, count in before.items() if name.startswith("chatapp_connections{")
            }
            assert (len(nobody), set(nobody.values())) == (6, {0})
            ana, bob = [await enter(app, nick, "JOIN #tea") for nick in ("ana", "bob")]
            joined = numbers(metrics.text().decode())
            await ana.asks("PRIVMSG #tea :one", "PRIVMSG #tea :two")
            await bob.until(":two")
            found = numbers(metrics.text().decode())
            assert found['chatapp_connections{encryption="none",protocol="irc"}'] == 2
            assert (found["chatapp_users"], found["chatapp_channels"], found["chatapp_accounts"]) == (2, 1, 0)
            assert found["chatapp_messages_kept_total"] - joined["chatapp_messages_kept_total"] == 2
            # Bob hears both; Ana hears the answer to the PING by which `asks` knows that all has come.
            assert found["chatapp_deliveries_total"] - joined["chatapp_deliveries_total"] == 3
            ticks = [each["chatapp_ticks_total"] for each in (before, joined, found)]
            assert ticks == sorted(set(ticks))
            assert found["chatapp_commit_seconds_count"] >= 3
            assert found['chatapp_commit_seconds_bucket{le="+Inf"}'] == found["chatapp_commit_seconds_count"]
            assert found["chatapp_history_bytes"] > 4096
            assert found["chatapp_disk_free_bytes"] > 0
            assert found["chatapp_store_down"] == 0
            assert found["chatapp_queue_bytes"] == 0
            await leave(ana, bob)

    run(scene, loop_factory)


@pytest.mark.slow
@on_every_loop
def test_who_does_not_read_is_seen_in_the_queue_and_then_counted(loop_factory, tmp_path):
    async def scene():
        async with serving(config(tmp_path, sendq_bytes=400_000)) as app:
            metrics = Metrics(app.sights())
            bob = await enter(app, "bob", "JOIN #tea")
            bob.writer.transport.pause_reading()
            ana = await enter(app, "ana", "JOIN #tea")
            most = 0
            while not (found := numbers(metrics.text().decode()))["chatapp_sendq_cuts_total"]:
                most = max(most, found["chatapp_queue_bytes_max"])
                assert found["chatapp_queue_bytes"] >= found["chatapp_queue_bytes_max"]
                await ana.asks(*["PRIVMSG #tea :" + "x" * 400] * 100)
            assert found["chatapp_sendq_cuts_total"] == 1
            assert 0 < most <= 400_000 + 100 * 500
            await leave(ana, bob)

    run(scene, loop_factory)


def test_who_is_not_let_in_is_counted_by_the_reason(tmp_path):
    async def scene():
        async with serving(config(tmp_path, connections_per_private_ip=1)) as app:
            ana = await enter(app, "ana")
            other = await call(app)
            assert "1 connections from your address" in (await other.reader.readline()).decode()
            found = numbers(Metrics(app.sights()).text().decode())
            assert found['chatapp_connections_refused_total{reason="connections"}'] == 1
            assert found['chatapp_connections_refused_total{reason="public"}'] == 0
            await leave(ana, other)

    run(scene, None)


@on_every_loop
def test_they_are_given_over_http(loop_factory, tmp_path):
    async def scene():
        async with port_of(b"a 1\n") as number:
            assert await fetch(number) == ("200 OK", "a 1\n")
            assert await fetch(number, b"GET /metrics?x=1 HTTP/1.0\r\n\r\n") == ("200 OK", "a 1\n")
            assert await fetch(number, b"HEAD /metrics HTTP/1.1\r\n\r\n") == ("200 OK", "")
            assert (await fetch(number, b"GET / HTTP/1.1\r\n\r\n"))[0] == "404 Not Found"
            assert (await fetch(number, b"POST /metrics HTTP/1.1\r\n\r\n"))[0] == "405 Method Not Allowed"
            assert (await fetch(number, b"NICK ana\r\n\r\n"))[0] == "400 Bad Request"
            assert (await fetch(number, b"x" * 70_000)) == ("", "")

    run(scene, loop_factory)


def test_only_so_many_are_served_at_once(monkeypatch):
    monkeypatch.setattr("chatapp.server.scraping._MOST_CALLERS", 1)

    async def scene():
        async with port_of(b"a 1\n") as number:
            first = Peer(*await asyncio.open_connection("127.0.0.1", number))
            first.writer.write(b"GET /met")
            while (told := await fetch(number))[0] == "200 OK":  # the first may not have been accepted yet
                pass
            assert told == ("503 Service Unavailable", "too many ask at once\n")
            await leave(first)

    run(scene, None)


def test_who_says_nothing_is_sent_away(monkeypatch):
    monkeypatch.setattr("chatapp.server.scraping._SECONDS", 0.01)

    async def scene():
        async with port_of(b"a 1\n") as number:
            assert await fetch(number, b"GET /metrics HTTP/1.1\r\n") == ("", "")

    run(scene, None)


def test_they_are_given_while_the_server_serves(tmp_path):
    async def scene():
        async with serving(config(tmp_path)) as app:
            settings = MetricsSettings(port=0)
            async with metrics_offered(settings, app.sights()) as place:
                assert place == ""
            number = free_port()
            probe = await asyncio.start_server(lambda *_both: None, "127.0.0.1", number)
            taken = f"Cannot listen at 127.0.0.1 {number} for metrics: the port is in use"
            with pytest.raises(CannotServe, match=taken):
                await metrics_offered(MetricsSettings(port=number), app.sights()).__aenter__()
            probe.close()
            await probe.wait_closed()
            async with metrics_offered(MetricsSettings(port=number), app.sights()) as place:
                assert place == f"http://127.0.0.1:{number}/metrics"
                status, text = await fetch(number)
                assert (status, numbers(text)["chatapp_users"]) == ("200 OK", 0)

    run(scene, None)


def test_without_the_extra_it_is_told_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "chatapp.server.metrics", None)

    async def scene():
        async with serving(config(tmp_path)) as app:
            with pytest.raises(CannotServe, match=r'needs an extra: pip install "chatapp\[metrics\]"'):
                await metrics_offered(MetricsSettings(port=1), app.sights()).__aenter__()

    run(scene, None)


def test_the_loop_is_measured(tmp_path, monkeypatch):
    monkeypatch.setattr("chatapp.server.metrics._LOOK", 0.001)

    async def scene():
        async with serving(config(tmp_path)) as app:
            metrics = Metrics(app.sights())
            watching = asyncio.create_task(metrics.watch())
            await settle(lambda: numbers(metrics.text().decode())["chatapp_loop_lag_seconds_count"] >= 3)
            watching.cancel()

    run(scene, None)


def listed(page):
    """Name to type, of the page's table."""
    return dict(re.findall(r"^\| `(chatapp_\w+)` \| (\w+) \|", page, re.MULTILINE))


def test_the_page_lists_every_metric_and_no_other(tmp_path):
    async def scene():
        async with serving(config(tmp_path)) as app:
            text = Metrics(app.sights()).text().decode()
        given = dict(re.findall(r"^# TYPE (chatapp_\w+) (\w+)$", text, re.MULTILINE))
        assert listed(PAGE) == given

    run(scene, None)


def test_its_queries_and_alerts_name_what_there_is():
    names = {re.sub(r"_bucket$", "", name) for name in re.findall(r"chatapp_\w+", PAGE)}

    assert names == set(listed(PAGE))
