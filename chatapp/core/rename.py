"""A channel under another name: all that is kept of it moves along (IRCv3 draft/channel-rename)."""

from __future__ import annotations

from chatapp.core.channel import Channel
from chatapp.core.speech import STATUSES
from chatapp.core.world import World


def rename_channel(world: World, channel: Channel, name: str) -> None:
    """Call ``channel`` by ``name``, which no other has; what is kept of it is under that from now on."""
    old, new = channel.folded, world.fold(name)
    channel.name = name
    if new != old:
        del world.channels[old]
        world.channels[new] = channel
        channel.folded = new
        channel.renamed = world.steady()
        for prefix in ("", *STATUSES.values()):
            world.delivery.move(prefix + old, prefix + new)
        world.markers.move(old, new)
        world.metadata.move(old, new)
        _follow(world, old, name)
    world.delivery.keep_channel(channel)
    for user in channel.members:
        world.keep_presence(user)


def _follow(world: World, old: str, name: str) -> None:
    """Who was forwarded to the channel (+f) still is."""
    for other in world.channels.values():
        if other.forward and world.fold(other.forward) == old:
            other.forward = name
            world.delivery.keep_channel(other)
