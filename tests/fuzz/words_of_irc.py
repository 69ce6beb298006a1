"""Words that IRC is made of, and lines of it that say something to a server."""

from __future__ import annotations

import chatapp.commands  # noqa: F401  fills the table
from chatapp.commands.table import COMMANDS
from chatapp.irc import caps

_PARAMETERS = """
    #r #R #tea #none ana bob witness * ** , : :x @#r +o -o +b +v +i +k +l +nt +e -b o v 0 1 -1
    99999999999 LS REQ END LIST ACK 302 NEW :server-time :batch + - C L S GET SET CLEAR SUB UNSUB
    SYNC LATEST BEFORE AFTER AROUND BETWEEN TARGETS timestamp=* timestamp=2026-01-01T00:00:00.000Z
    msgid=x msgid=0000000000001 in=#r;text=a from=x text=a* limit=9 +1 draft/multiline
    %tcuihsnfdlaor,152 C>1 !#* T<5 >0 *!*@* m:ana a:x t:5:*!*@* PLAIN EXTERNAL SCRAM-SHA-256
    AGEAYQBh biwsbj1hLHI9Yg== REGISTER IDENTIFY DROP INFO OP HELP CERT ADD x@y *playback chathistory
    secret root
"""
_TAGS = """
    @label=1 @batch=1 @batch=b1;draft/multiline-concat @+typing=active @+draft/react=x;+draft/reply=y @time=z
    @msgid=1;+a/b=\\:\\s\\\\\\r\\n @ @; @=x @+= @a @a;a=1;a @account=root
"""

VERBS = tuple(name.encode() for name in COMMANDS)
CAPABILITIES = " ".join(name for name in caps.OFFERED if name != "sts").encode()
WORDS = (*VERBS, *(word.encode() for word in (*_PARAMETERS.split(), *_TAGS.split())), b":" + CAPABILITIES)
