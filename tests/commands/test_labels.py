"""Labelled commands: one labelled line, one labelled batch, or ACK."""

from __future__ import annotations

from dialogue import Table

CAPS = "labeled-response batch"
ECHO = f"{CAPS} echo-message"
ANA = "ana!ana@127.0.0.1"


def begin(lines):
    """The id of the batch that ``lines`` are, and its opening."""
    return lines[0].split(" ")[3][1:]


def test_one_line_carries_the_label_itself():
    ana = Table().sit("ana", CAPS)

    assert ana.asks("@label=x PING 1") == ["@label=x :chatapp PONG chatapp :1"]


def test_several_lines_are_one_batch_with_the_label_on_its_opening():
    ana = Table().sit("ana", CAPS)

    lines = ana.asks("@label=x JOIN #tea")

    batch = begin(lines)
    assert lines == [
        f"@label=x :chatapp BATCH +{batch} labeled-response",
        f"@batch={batch} :{ANA} JOIN #tea",
        f"@batch={batch} :chatapp 353 ana = #tea :@ana",
        f"@batch={batch} :chatapp 366 ana #tea :End of NAMES list",
        f":chatapp BATCH -{batch}",
    ]
    assert batch.isalnum()


# No reply at all is ACK and nothing else


def test_silence_is_ack():
    table = Table()
    ana, bob = table.sit("ana", CAPS), table.sit("bob")

    assert ana.asks("@label=x PONG") == ["@label=x :chatapp ACK"]
    assert ana.asks("@label=y PRIVMSG bob :hi") == ["@label=y :chatapp ACK"]
    assert ana.asks("@label=z NICK ana") == ["@label=z :chatapp ACK"]
    assert bob.hears() == [f":{ANA} PRIVMSG bob :hi"]


def test_errors_are_labelled():
    ana = Table().sit("ana", CAPS)

    assert ana.asks("@label=x FOO") == ["@label=x :chatapp 421 ana FOO :Unknown command"]
    assert ana.asks("@label=x JOIN") == ["@label=x :chatapp 461 ana JOIN :Not enough parameters"]
    failure = "FAIL CHATHISTORY INVALID_TARGET LATEST #no :There is no history here that you may read"
    assert ana.asks("@label=x CHATHISTORY LATEST #no * 1") == [f"@label=x :chatapp {failure}"]


def test_echoes_carry_the_label_and_deliveries_never():
    table = Table()
    ana, bob = table.sit("ana", ECHO), table.sit("bob", ECHO)
    table.room("#tea", ana, bob)

    assert ana.asks("@label=x PRIVMSG #tea :hi") == [f"@label=x :{ANA} PRIVMSG #tea :hi"]
    assert ana.asks("@label=y PRIVMSG bob :ho") == [f"@label=y :{ANA} PRIVMSG bob :ho"]
    assert bob.hears() == [f":{ANA} PRIVMSG #tea :hi", f":{ANA} PRIVMSG bob :ho"]


# A message to oneself: of the two lines exactly one is labelled


def test_a_message_to_oneself_is_labelled_once():
    ana = Table().sit("ana", ECHO)

    assert ana.asks("@label=x PRIVMSG ana :hi") == [
        f":{ANA} PRIVMSG ana :hi",
        f"@label=x :{ANA} PRIVMSG ana :hi",
    ]


def test_echoes_of_several_targets_are_a_batch():
    table = Table()
    ana = table.sit("ana", ECHO)
    table.sit("bob")
    table.sit("eve")

    lines = ana.asks("@label=x PRIVMSG bob,eve,ghost :hi")

    batch = begin(lines)
    assert lines == [
        f"@label=x :chatapp BATCH +{batch} labeled-response",
        f"@batch={batch} :{ANA} PRIVMSG bob :hi",
        f"@batch={batch} :{ANA} PRIVMSG eve :hi",
        f"@batch={batch} :chatapp 401 ana ghost :No such nick or channel",
        f":chatapp BATCH -{batch}",
    ]


def test_an_answer_that_is_one_batch_already_carries_the_label_on_it():
    table = Table()
    ana = table.sit("ana", ECHO)
    table.room("#tea", ana)
    ana.asks("PRIVMSG #tea :hi")

    lines = ana.asks("@label=x CHATHISTORY LATEST #tea * 5")

    batch = begin(lines)
    assert lines == [
        f"@label=x :chatapp BATCH +{batch} chathistory #tea",
        f"@batch={batch} :{ANA} PRIVMSG #tea :hi",
        f":chatapp BATCH -{batch}",
    ]


def test_two_who_go_together_in_and_out_of_labels():
    table = Table()
    ana, bob = table.sit("ana", ECHO), table.sit("bob")
    table.room("#tea", ana, bob)

    lines = ana.asks("@label=x PART #tea,#nowhere :bye")

    batch = begin(lines)
    assert lines[1:-1] == [
        f"@batch={batch} :{ANA} PART #tea bye",
        f"@batch={batch} :chatapp 403 ana #nowhere :No such channel",
    ]
    assert bob.hears() == [f":{ANA} PART #tea bye"]


def test_a_label_counts_only_with_the_capability():
    table = Table()
    ana, bob = table.sit("ana", "batch message-tags"), table.sit("bob")

    assert ana.asks("@label=x PING 1", "@label=y PRIVMSG bob :hi") == [":chatapp PONG chatapp :1"]
    assert bob.hears() == [f":{ANA} PRIVMSG bob :hi"]


def test_an_empty_label_is_none():
    ana = Table().sit("ana", CAPS)

    assert ana.asks("@label PING 1", "@label= PONG", "@x=y PING 2") == [
        ":chatapp PONG chatapp :1",
        ":chatapp PONG chatapp :2",
    ]


# Without batch nobody hears of one


def test_without_batch_the_first_line_carries_the_label():
    ana = Table().sit("ana", "labeled-response")

    assert ana.asks("@label=x JOIN #tea") == [
        f"@label=x :{ANA} JOIN #tea",
        ":chatapp 353 ana = #tea :@ana",
        ":chatapp 366 ana #tea :End of NAMES list",
    ]
    assert ana.asks("@label=y PONG") == ["@label=y :chatapp ACK"]


def test_a_label_comes_back_escaped_as_it_must_be():
    ana = Table().sit("ana", CAPS)

    assert ana.asks(r"@label=a\:b\sc\\d\r\ne PING 1") == [r"@label=a\:b\sc\\d\r\ne :chatapp PONG chatapp :1"]


def test_the_time_and_the_id_stand_beside_the_label():
    ana = Table().sit("ana", f"{ECHO} message-tags server-time")

    own, echo = ana.asks("@label=x;+y=z PRIVMSG ana :hi")

    assert echo == own.replace("@", "@label=x;", 1)
    assert own.startswith("@time=2026-01-01T00:00:00.000Z;msgid=")


def test_tags_other_than_the_label_are_not_repeated():
    ana = Table().sit("ana", f"{CAPS} message-tags")

    assert ana.asks("@+x=1;label=a;time=b PING 1") == ["@label=a :chatapp PONG chatapp :1"]


def test_a_request_that_turns_labels_on_is_not_labelled_itself():
    ana = Table().sit("ana", "batch")

    assert ana.asks("@label=x CAP REQ labeled-response", "@label=y PONG") == [
        ":chatapp CAP ana ACK :labeled-response",
        "@label=y :chatapp ACK",
    ]


def test_the_welcome_too_is_one_labelled_batch():
    newcomer = Table().visit()
    newcomer.say(f"CAP REQ :{CAPS}", "NICK ana", "USER a 0 * :A")

    first, second, *rest = newcomer.asks("@label=x CAP END")

    batch = first.rpartition("+")[2].split(" ")[0]
    assert first == f"@label=x :chatapp BATCH +{batch} labeled-response"
    assert second.startswith(f"@batch={batch} :chatapp 001 ana :")
    assert rest[-1] == f":chatapp BATCH -{batch}"
