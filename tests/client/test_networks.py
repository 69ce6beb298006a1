"""Several servers in one client: whose conversation is on the screen, and where typed words go."""

from __future__ import annotations

import random

import pytest
from client.fake_server import Clock, FakeServer

from chatapp.client.buffer import SAID
from chatapp.client.model import ConnectionState, Model
from chatapp.client.networks import Network, Networks, shown_model, shown_session
from chatapp.client.outcome import Outcome
from chatapp.client.screen.panels import sidebar_rows
from chatapp.client.screen.render import row_text
from chatapp.client.screen.status import status_row
from chatapp.client.search import Found, Query
from chatapp.client.session import Session
from chatapp.client.settings import Preferences, ServerEntry, Settings
from chatapp.irc.line import parse_line

HOME = ServerEntry(name="home", host="home.example", nick="Ana", rooms=("#lobby",))
WORK = ServerEntry(name="work", host="work.example", nick="ana_m", rooms=("#lobby", "#ops"))
KNOWN = ServerEntry(name="libera", host="irc.libera.example", port=6697)


class House:
    """A client with several fake servers, each of which is there when it is connected to."""

    def __init__(self, *entries):
        self.clock = Clock()
        self.servers = {}
        self.preferences = Preferences(Settings(servers=(KNOWN,)))
        self.networks = Networks(self.make)
        self.networks.on_connect = self.connect
        self.networks.on_disconnect = self.cut
        self.model = shown_model(self.networks)
        self.session = shown_session(self.networks)
        for entry in entries:
            network = self.networks.add(entry)
            self.connect(network)
        self.settle()

    def make(self, entry, focus):
        model = Model(entry.nick, entry.label, focus)
        model.label = entry.name
        session = Session(model, entry.nick, now=self.clock, rooms=entry.rooms, preferences=self.preferences)
        return Network(entry, model, session)

    def connect(self, network):
        if network.model.state is not ConnectionState.OFFLINE:
            return
        network.session.is_quitting = False
        server = self.servers.setdefault(network.label, FakeServer())
        server.connect()
        network.session.connecting()
        network.session.connected()

    def cut(self, network, retry_at=None):
        self.servers[network.label].connect()
        network.session.disconnected("cut", retry_at)

    def settle(self):
        for _round in range(1000):
            has_talked = False
            for network in self.networks:
                server = self.servers[network.label]
                mine, theirs = network.session.take_lines(), list(server.out)
                server.out.clear()
                for text in mine:
                    server.hear(text)
                for text in theirs:
                    network.session.hear(parse_line(text))
                has_talked |= bool(mine or theirs)
            if not has_talked:
                return
        raise AssertionError("they never stop talking")

    def types(self, text):
        outcome = self.session.submit(text)
        self.settle()
        return outcome

    def go(self, number):
        self.model.switch_to(self.model.buffers[number])

    @property
    def names(self):
        return [buffer.name for buffer in self.model.buffers]

    def notes(self):
        return [entry.text for entry in self.model.current.entries if entry.kind.name in ("INFO", "ERROR")]


@pytest.fixture
def house():
    house = House(HOME, WORK)
    house.go(1)
    return house


def test_the_rooms_stand_under_their_servers(house):
    assert house.names == ["home", "#lobby", "work", "#lobby", "#ops"]


def test_words_go_to_the_room_on_the_screen_and_to_its_server(house):
    house.types("at home")
    house.go(3)
    house.types("at work")

    assert house.servers["home"].texts("#lobby") == ["at home"]
    assert house.servers["work"].texts("#lobby") == ["at work"]


def test_the_screen_sees_who_one_is_where_one_looks(house):
    assert (house.model.nick, house.session.model.nick) == ("Ana", "Ana")
    house.go(4)
    assert (house.model.nick, house.session.model.nick) == ("ana_m", "ana_m")
    assert house.model.find("#ops") is house.model.current


def test_what_is_said_elsewhere_is_counted_though_that_room_was_the_last_one_shown_there(house):
    house.go(3)
    house.go(1)
    house.servers["work"].other_says("#lobby", "one")
    house.servers["work"].other_says("#lobby", "for you, ana_m")
    house.servers["home"].other_says("#lobby", "seen")
    house.settle()

    assert [(b.name, b.unread, b.mentions) for b in house.model.buffers if b.unread] == [("#lobby", 2, 1)]
    assert house.model.buffers[3].unread == 2
    house.go(3)
    assert house.model.buffers[3].unread == 0


def test_a_change_of_any_of_them_is_seen(house):
    seen = []
    house.model.on_change = lambda: seen.append(house.model.version)

    house.servers["work"].other_says("#ops", "hello")
    house.settle()

    assert seen == sorted(seen)
    assert seen


def test_a_server_that_goes_is_told_of_where_one_is_with_its_name_and_the_others_go_on(house):
    network = house.networks.find("work")
    house.cut(network, house.clock() + 5)

    told = house.model.current.entries[-1]
    assert (told.place, told.text.startswith("The connection is lost")) == ("work", True)
    assert house.model.state is ConnectionState.ONLINE
    house.types("still here")
    assert house.servers["home"].texts("#lobby") == ["still here"]


def test_what_was_typed_for_a_server_that_is_away_waits_for_it_alone(house):
    network = house.networks.find("work")
    house.cut(network, house.clock() + 5)
    house.go(4)
    house.types("later")
    assert house.networks.unsent() == 1

    house.connect(network)
    house.settle()

    assert house.servers["work"].texts("#ops") == ["later"]
    assert house.networks.unsent() == 0


def test_leaving_asks_once_where_something_waits_on_any_server(house):
    house.cut(house.networks.find("work"))
    house.go(4)
    house.types("later")
    house.go(1)

    assert house.types("/quit") is Outcome.NOTHING
    assert house.types("/quit") is Outcome.QUIT
    assert all(session.is_quitting for session in house.networks.sessions)


def test_connect_goes_to_a_server_that_nobody_told_of_before(house):
    house.types("/connect chat.example 6667")

    assert house.names[-1] == "chat.example"
    assert house.model.current.name == "chat.example"
    entry = house.networks.find("chat.example").entry
    assert (entry.host, entry.port, entry.nick) == ("chat.example", 6667, "Ana")
    assert "NICK Ana" in house.servers["chat.example"].heard


def test_connect_knows_the_servers_of_the_settings(house):
    house.types("/connect libera")
    assert house.networks.find("libera").entry.port == 6697
    assert house.model.nick == "Ana"


def test_two_servers_at_one_host_are_two(house):
    house.types("/connect home.example 6697")
    assert [network.label for network in house.networks] == ["home", "work", "home.example:6697"]


def test_connect_shows_a_server_that_is_there(house):
    house.types("/connect work")
    assert len(house.networks) == 2
    assert house.model.current is house.model.buffers[3]


@pytest.mark.parametrize("port", ["0", "65536", "x", "-1", "99999999999999999999"])
def test_a_port_is_a_number(house, port):
    house.types(f"/connect chat.example {port}")
    assert len(house.networks) == 2
    assert house.notes()[-1] == "A port is a number from 1 to 65535."


def test_disconnect_leaves_one_server_and_once_more_takes_it_off_the_screen(house):
    house.go(4)
    house.types("/disconnect bye")
    assert "QUIT bye" in house.servers["work"].heard or house.model.state is ConnectionState.OFFLINE
    assert house.notes()[-1].startswith("You leave work.")

    house.types("/disconnect")
    assert house.names == ["home", "#lobby"]
    assert house.model.current is house.model.buffers[1]


def test_connect_comes_back(house):
    house.go(4)
    house.types("/disconnect")
    house.types("kept")
    house.types("/connect")

    assert house.model.state is ConnectionState.ONLINE
    assert house.servers["work"].texts("#ops") == ["kept"]


def test_what_waits_is_not_thrown_away_by_a_slip(house):
    house.go(4)
    house.types("/disconnect")
    house.types("kept")
    house.types("/disconnect")
    assert len(house.networks) == 2
    house.types("/disconnect")
    assert len(house.networks) == 1


def test_the_last_server_stays(house):
    for _time in range(4):
        house.types("/disconnect")
    assert len(house.networks) == 1
    assert "only server" in house.notes()[-1]


def test_the_sidebar_counts_through_all(house):
    rows = [row_text(row).strip() for row in sidebar_rows(house.model, 18, 5)]
    assert rows == ["0 home", "1  #lobby", "2 work", "3  #lobby", "4  #ops"]


def test_the_status_line_says_whose_room_it_is(house):
    house.go(3)
    assert row_text(status_row(house.model, 0, 80, 0.0)).startswith(" #lobby on work (2 people)")
    house.go(2)
    assert row_text(status_row(house.model, 0, 80, 0.0)).startswith(" work · ana_m")


def test_go_leads_to_a_room_of_another_server(house):
    house.types("/go ops")
    assert house.model.current.name == "#ops"
    assert house.networks.shown.label == "work"
    house.types("/go home")
    assert house.networks.shown.label == "home"


def test_what_is_said_on_any_server_calls_and_is_set_for_each(house):
    calls = []
    house.model.focus.on_call = lambda call: calls.append((call.room, call.text))
    home, work = house.networks
    for network, nick in ((home, "Ana"), (work, "ana_m")):
        network.session.hear(parse_line(f":bob!b@c PRIVMSG #lobby :{nick}: hello"))
    assert calls == [
        (network.model.find("#lobby"), f"{network.model.nick}: hello") for network in (home, work)
    ]

    house.model.switch_to(work.model.find("#lobby"))
    house.types("/notify nothing")
    assert house.preferences.settings.notify == {"work/#lobby": "nothing"}
    assert (home.session.attention.level_of(home.model.find("#lobby"))) == "mentions"


@pytest.mark.parametrize("seed", range(5))
def test_cuts_at_any_moment_lose_and_double_nothing_on_any_server(seed):
    dice = random.Random(seed)
    house = House(HOME, WORK)
    rooms = {"home": 1, "work": 4}
    typed = {"home": [], "work": []}
    for step in range(200):
        house.clock.now += 0.5
        name = dice.choice(sorted(rooms))
        network = house.networks.find(name)
        match dice.randrange(4):
            case 0:
                house.cut(network, house.clock() + 1)
            case 1:
                house.connect(network)
            case _:
                house.go(rooms[name])
                house.session.submit(f"{name} {step}")
                typed[name].append(f"{name} {step}")
        if dice.random() < 0.5:
            house.settle()
    for network in house.networks:
        house.connect(network)
    house.settle()

    assert house.servers["home"].texts("#lobby") == typed["home"]
    assert house.servers["work"].texts("#ops") == typed["work"]
    for name, number in rooms.items():
        shown = [entry.text for entry in house.model.buffers[number].entries if entry.kind in SAID]
        assert shown == typed[name]


def test_a_search_is_not_ended_by_another_server(house):
    asked = house.clock()
    home = house.networks.shown.session
    found = Found(Query("tea"), house.model.current, home, is_waiting=True, label="c9", asked=asked)
    house.model.focus.found = found

    house.cut(house.networks.find("work"))
    assert found.is_waiting
    house.cut(house.networks.find("home"))
    assert not found.is_waiting
