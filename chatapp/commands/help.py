"""HELP, HELPOP: how each command is used (Modern IRC "HELP message")."""

from __future__ import annotations

from chatapp.commands.context import Context
from chatapp.commands.table import command
from chatapp.core.errors import Refused
from chatapp.irc.line import Line
from chatapp.irc.numerics import ERR_HELPNOTFOUND, RPL_ENDOFHELP, RPL_HELPSTART, RPL_HELPTXT

#: For each command of the table: how it is written, then what it does, in lines.
HELP: dict[str, tuple[str, ...]] = {
    "AUTHENTICATE": (
        "AUTHENTICATE <mechanism> | <piece of a response> | *",
        "Logs you in by SASL; * breaks it off. Your program does this for you.",
    ),
    "ACCEPT": (
        "ACCEPT <nick> | -<nick> | *",
        "With user mode +R you hear only those with an account, and those whom you accept.",
        "* lists them. Whom you write to is accepted by that.",
    ),
    "ADMIN": (
        "ADMIN",
        "Tells how to reach whoever runs this server.",
    ),
    "AUDIT": (
        "AUDIT [<number>]",
        "Tells what operators of the server did. Only operators of the server may ask.",
    ),
    "AWAY": (
        "AWAY [:<text>]",
        "Marks you as away; who writes to you is told the text.",
        "Without a text you are back.",
    ),
    "BATCH": (
        "BATCH +<reference> draft/multiline <target> | -<reference>",
        "Begins or ends a message of several lines; each of them bears the tag batch=<reference>.",
    ),
    "CAP": (
        "CAP LS [302] | LIST | REQ :<names> | END",
        "Lists the extensions of this server, or asks for some of them.",
        "A minus before a name gives that extension up.",
    ),
    "CHANSERV": (
        "CHANSERV <request>",
        "The same as CS.",
    ),
    "CHATHISTORY": (
        "CHATHISTORY LATEST <target> <* or reference> <limit>",
        "CHATHISTORY BEFORE | AFTER | AROUND <target> <reference> <limit>",
        "CHATHISTORY BETWEEN <target> <reference> <reference> <limit>",
        "CHATHISTORY TARGETS <timestamp> <timestamp> <limit>",
        "Gives back what was said in a channel you are in, or between you and someone.",
        "A reference is timestamp=<time> or msgid=<id>.",
    ),
    "CS": (
        "CS <request>",
        "Asks ChanServ, which looks after registered channels; CS HELP lists what there is.",
    ),
    "HELP": (
        "HELP [<command>]",
        "Tells how a command is used; without one, which commands there are.",
    ),
    "HELPOP": (
        "HELPOP [<command>]",
        "The same as HELP.",
    ),
    "INFO": (
        "INFO",
        "Tells what this server is and since when it has been up.",
    ),
    "INVITE": (
        "INVITE <nick> <channel>",
        "Invites someone to a channel you are in; the invitation is good for one JOIN.",
        "Without parameters it lists the channels that you are invited to.",
    ),
    "ISON": (
        "ISON <nick> [<nick>...]",
        "Tells which of these are here.",
    ),
    "ISUPPORT": (
        "ISUPPORT",
        "Tells once more what this server can do.",
    ),
    "JOIN": (
        "JOIN <channel>[,<channel>...] [<key>[,<key>...]]",
        "Enters channels. A channel that does not exist is made, and you are its operator.",
    ),
    "KICK": (
        "KICK <channel> <nick>[,<nick>...] [:<why>]",
        "Puts people out of a channel. Only its operators may.",
    ),
    "KILL": (
        "KILL <nick> [:<why>]",
        "Ends the connection of someone. Only operators of the server may.",
    ),
    "KLINE": (
        "KLINE [<duration>] <mask> [:<why>]",
        "Keeps people away from the server. Only operators of the server may.",
        "The mask is an address, a network (192.0.2.0/24), nick!user@host, or a:account.",
        "The duration is in minutes, or like 2h or 1d12h; without one it is for good.",
        "Alone, KLINE lists the bans.",
    ),
    "KNOCK": (
        "KNOCK <channel>",
        "Asks those who look after an invite-only channel to be let in.",
    ),
    "LINKS": (
        "LINKS",
        "Would list linked servers; there are none to show.",
    ),
    "LIST": (
        "LIST [<item>[,<item>...]]",
        "Lists channels with how many people are in them, and their topics.",
        "#name or #mask* chooses by name, !mask leaves out.",
        ">n and <n choose by people, C>n and C<n by age in minutes, T>n and T<n by age of the topic.",
    ),
    "LUSERS": (
        "LUSERS",
        "Tells how many users and channels there are.",
    ),
    "MARKREAD": (
        "MARKREAD <target> [timestamp=<time>]",
        "Tells how far you have read, or notes it for all your connections.",
    ),
    "METADATA": (
        "METADATA <nick, channel or *> GET <key>... | LIST | SET <key> [:<value>] | CLEAR | SYNC",
        "METADATA * SUB <key>... | UNSUB <key>... | SUBS",
        "Tells what people and channels say of themselves, and has you told when it changes.",
    ),
    "MODE": (
        "MODE <channel> [<modes> [<parameters>]]",
        "Shows or changes how a channel is set; only its operators may change it.",
        "+o and +v <nick>: operator, voice. +b, +e, +I <mask>: ban, exception from bans, from +i.",
        "+b m:<mask>: who matches may come in and not speak; +e m:<mask> is an exception from that.",
        "+i: for the invited only. +k <key>: only with the key. +l <n>: at most n people.",
        "+m: only operators and voices speak. +n: nobody speaks from outside. +C: no CTCP.",
        "+s: hidden from strangers. +t: only operators change the topic.",
        "MODE <your nick> [<modes>]: +i hides you from strangers.",
    ),
    "MONITOR": (
        "MONITOR + | - <nick>[,<nick>...]",
        "MONITOR C | L | S",
        "Tells you when these nicks come and go. C clears the list, L shows it, S tells who of it is here.",
    ),
    "MOTD": (
        "MOTD",
        "Shows the message of the day.",
    ),
    "NAMES": (
        "NAMES <channel>[,<channel>...]",
        "Tells who is in a channel.",
    ),
    "NICK": (
        "NICK <nick>",
        "Sets or changes your nick.",
    ),
    "NICKSERV": (
        "NICKSERV <request>",
        "The same as NS.",
    ),
    "NOTICE": (
        "NOTICE <target>[,<target>...] :<text>",
        "Says something that no program answers to.",
    ),
    "OPER": (
        "OPER <name> <password>",
        "Makes you an operator of the server, as its settings say.",
    ),
    "NS": (
        "NS <request>",
        "Asks NickServ, which looks after accounts; NS HELP lists what there is.",
    ),
    "OWNER": (
        "OWNER <code>",
        "Makes you an operator of the server. It shows the code to who runs it; each is good once.",
    ),
    "PART": (
        "PART <channel>[,<channel>...] [:<why>]",
        "Leaves channels.",
    ),
    "PASS": (
        "PASS <password>",
        "Gives the password of the server; before NICK and USER.",
    ),
    "PERSISTENCE": (
        "PERSISTENCE GET | SET ON | SET OFF | SET DEFAULT",
        "Tells or sets whether you stay in your channels while you are not connected.",
    ),
    "PING": (
        "PING <token>",
        "Asks for a sign of life: the answer is PONG with the same token.",
    ),
    "PONG": (
        "PONG <token>",
        "Answers a PING of the server.",
    ),
    "PRIVMSG": (
        "PRIVMSG <target>[,<target>...] :<text>",
        "Says something to a channel or to someone.",
        "The target @#channel is for the operators of a channel only.",
    ),
    "QUIT": (
        "QUIT [:<why>]",
        "Ends your connection.",
    ),
    "REGISTER": (
        "REGISTER <account or *> <e-mail address or *> <password>",
        "Makes your nick an account: from then on it is yours alone.",
    ),
    "REDACT": (
        "REDACT <target> <msgid> [:<reason>]",
        "Takes back something you said; operators of a channel may take back what others said there.",
    ),
    "REHASH": (
        "REHASH",
        "Has the settings read again. Only operators of the server may.",
    ),
    "RENAME": (
        "RENAME <channel> <new name> [:<reason>]",
        "Gives a channel another name; it keeps everything else. Only its operators may.",
    ),
    "SEARCH": (
        "SEARCH <attribute>=<value>[;<attribute>=<value>...]",
        "The attributes are in, from, text, after, before and limit.",
        "Finds what was said in the channels you are in and in your direct messages, the newest first.",
        "All the words must be there, each at the beginning of a word; accents do not matter.",
    ),
    "SETNAME": (
        "SETNAME :<name>",
        "Changes your real name, which WHOIS shows.",
    ),
    "STATS": (
        "STATS u | k | o",
        "Tells for how long the server has been up (u).",
        "Operators of the server are told the bans (k), and which operators the settings name (o).",
    ),
    "TAGMSG": (
        "TAGMSG <target>[,<target>...]",
        "Sends the tags of its line alone: a reaction, or that you are typing.",
        "Needs the extension message-tags.",
    ),
    "TIME": (
        "TIME",
        "Tells the time on this server, in UTC.",
    ),
    "TOPIC": (
        "TOPIC <channel> [:<text>]",
        "Shows or changes what a channel is about; an empty text takes it away.",
    ),
    "UNKLINE": (
        "UNKLINE <mask>",
        "Ends a ban that KLINE made. Only operators of the server may.",
    ),
    "USER": (
        "USER <name> 0 * :<real name>",
        "Says who you are; once, after connecting.",
    ),
    "USERHOST": (
        "USERHOST <nick> [<nick>...]",
        "Tells user name, host and whether they are away, of five at most.",
    ),
    "VERIFY": (
        "VERIFY <account> <code>",
        "Ends the making of an account where a code is sent by mail; none is here.",
    ),
    "VERSION": (
        "VERSION",
        "Tells which program this server runs.",
    ),
    "WALLOPS": (
        "WALLOPS :<text>",
        "Says something to everyone with user mode +w. Only operators of the server may.",
    ),
    "WHO": (
        "WHO <channel, nick or mask> [o][%<fields>[,<token>]]",
        "Lists who is in a channel, or whom a mask finds; with o server operators only.",
        "Fields are letters of tcuihsnfdlaor (WHOX).",
    ),
    "WHOIS": (
        "WHOIS <nick>",
        "Tells what may be known of someone who is here.",
    ),
    "WHOWAS": (
        "WHOWAS <nick> [<count>]",
        "Tells what is known of those who had a nick before.",
    ),
}


@command("HELP", "HELPOP")
def help_(ctx: Context, line: Line) -> None:
    """``HELP [command]``"""
    subject = line.param(0)
    if not subject:
        _tell(ctx, "*", _index())
    elif subject.upper() in HELP:
        _tell(ctx, subject, HELP[subject.upper()])
    else:
        raise Refused(ERR_HELPNOTFOUND, subject)


def _tell(ctx: Context, subject: str, rows: tuple[str, ...]) -> None:
    first, *rest = rows
    ctx.numeric(RPL_HELPSTART, subject, text=first)
    for row in rest:
        ctx.numeric(RPL_HELPTXT, subject, text=row)
    ctx.numeric(RPL_ENDOFHELP, subject)


def _index() -> tuple[str, ...]:
    """What there is help on, eight commands a line."""
    names = sorted(HELP)
    rows = [" ".join(names[at : at + 8]) for at in range(0, len(names), 8)]
    return "HELP <command> tells how a command is used. There are:", *rows
