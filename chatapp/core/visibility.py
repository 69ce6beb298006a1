"""What one may see: the one check on every path that shows something.

What the live path would hide, history, lists and queries hide too: each of them asks here.
"""

from __future__ import annotations

from chatapp.core.channel import Channel
from chatapp.core.user import User


def may_see_channel(viewer: User, channel: Channel) -> bool:
    """Whether ``viewer`` may know that ``channel`` exists (+s hides it from strangers)."""
    return "s" not in channel.modes or viewer in channel.members or viewer.is_operator


def may_see_members(viewer: User, channel: Channel) -> bool:
    """Whether ``viewer`` may know who is in ``channel``."""
    return may_see_channel(viewer, channel)


def may_see_user(viewer: User, user: User) -> bool:
    """Whether ``viewer`` finds ``user`` in a list (+i hides from those who share no channel)."""
    if user is viewer or not user.has_mode("i") or viewer.is_operator:
        return True
    return shares_channel(viewer, user)


def may_see_address(viewer: User, user: User) -> bool:
    """Whether ``viewer`` may know where ``user`` comes from: themselves, or as a server operator."""
    return viewer is user or viewer.is_operator


def may_read(viewer: User, channel: Channel) -> bool:
    """Whether ``viewer`` may read what was said in ``channel``: those in it may."""
    return viewer in channel.members


def shares_channel(viewer: User, user: User) -> bool:
    return any(viewer in channel.members for channel in user.channels)
