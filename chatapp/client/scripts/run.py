"""The verbs of chat-client, and every way they can end."""

from __future__ import annotations

import asyncio
import io
import sys
from argparse import Namespace
from gettext import gettext as _

from chatapp.client.config import Launch
from chatapp.client.failures import complain, nobody_reads, note
from chatapp.client.passwords import ask_passwords, lacks_password
from chatapp.client.scripts.send import send
from chatapp.client.scripts.tail import tail
from chatapp.client.scripts.visit import Exit, Failure
from chatapp.client.trust import Distrusted


def run(verb: str, launch: Launch, given: Namespace) -> int:
    """Do ``send`` or ``tail``; the exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding=None if sys.stdout.isatty() else "utf-8", errors="replace")
    for mistake in launch.mistakes:
        complain(mistake)
    try:
        launch = ask_passwords(launch)
        if lacks_password(launch.server):
            raise Failure(Exit.USAGE, _("There is no password for the account."))
        return int(asyncio.run({"send": send, "tail": tail}[verb](launch, given)))
    except Failure as failure:
        if str(failure):
            complain(str(failure))
        return int(failure.code)
    except Distrusted as failure:
        complain(str(failure))
        return int(Exit.NO_CONNECTION)
    except KeyboardInterrupt:
        return int(Exit.INTERRUPTED)
    except BrokenPipeError:
        nobody_reads()
        return int(Exit.DONE)
    except Exception as error:  # noqa: BLE001 - the last resort: a sentence for the person, the rest for the log
        complain(note(error))
        return int(Exit.REFUSED)
