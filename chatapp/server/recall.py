"""What a server knew when it stopped, brought back into its world."""

from __future__ import annotations

from chatapp.core.ownership import bring_back
from chatapp.core.world import World
from chatapp.store.open import Store


async def recall(world: World, store: Store) -> None:
    """Have ``world``, which is empty, know all that ``store`` holds; who is always on is in their rooms."""
    world.remember((await store.channels()).values())
    world.markers.remember(await store.markers())
    world.metadata.remember(await store.metadata())
    for ban in await store.bans():
        world.bans.add(ban)
    world.accounts.remember((await store.accounts()).values())
    bring_back(world)
