"""What one may see: the one check on every path that shows something.

What the live path would hide, history, lists and queries hide too: each of them asks here.
"""

from __future__ import annotations

from chatapp.core.channel import Channel
from chatapp.core.member import HALFOP
from chatapp.core.speech import STATUSES
from chatapp.core.user import User


def may_see_channel(viewer: User, channel: Channel) -> bool:
    """Whether ``viewer`` may know that ``channel`` exists (+s hides it from strangers)."""
    return "s" not in channel.modes or viewer in channel.members or viewer.may("hidden")


def may_see_members(viewer: User, channel: Channel) -> bool:
    """Whether ``viewer`` may know who is in ``channel``."""
    return may_see_channel(viewer, channel)


def may_see_user(viewer: User, user: User) -> bool:
    """Whether ``viewer`` finds ``user`` in a list (+i hides from those who share no channel)."""
    if user is viewer or not user.has_mode("i") or viewer.may("hidden"):
        return True
    return shares_channel(viewer, user)


def may_see_address(viewer: User, user: User) -> bool:
    """Whether ``viewer`` may know where ``user`` comes from: themselves, or as a server operator."""
    return viewer is user or viewer.may("hidden")


def may_read(viewer: User, channel: Channel) -> bool:
    """Whether ``viewer`` may read what was said in ``channel``: those in it may."""
    return viewer in channel.members


def may_see_member(viewer: User, channel: Channel, user: User) -> bool:
    """Whether ``viewer`` may know that ``user`` is in ``channel`` (+u hides an audience)."""
    return (
        user is viewer
        or not channel.is_hidden(user)
        or channel.rank_of(viewer) >= HALFOP
        or viewer.may("hidden")
    )


def conversations(viewer: User, channel: Channel) -> list[str]:
    """The keys of all that ``viewer`` may read of ``channel`` (see `ports.Kept`); none if nothing.

    What was said to ``@#channel``, or only those who look after the room could see, lies apart from what all
    heard: in order of the stamps they are one conversation.
    """
    member = channel.members.get(viewer)
    if member is None:
        return []
    return [
        channel.folded,
        *(status + channel.folded for rank, status in STATUSES.items() if rank <= member.rank),
    ]


def may_see_metadata(viewer: User, channel: Channel) -> bool:
    """Whether ``viewer`` may know what ``channel`` tells of itself: who is in it, and who could come in."""
    if viewer in channel.members or viewer.may("hidden"):
        return True
    is_open = not channel.key and channel.modes.isdisjoint("iRs")
    return is_open and not channel.is_banned(viewer)


def shares_channel(viewer: User, user: User) -> bool:
    """Whether ``viewer`` is in a channel where they may see ``user``."""
    return any(
        viewer in channel.members and may_see_member(viewer, channel, user) for channel in user.channels
    )
