"""A door that tells when somebody stands before it."""

import asyncio


class Gate(asyncio.Event):
    """Give it to a provider as its delay; `reached` is set by the first call that waits."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()

    async def wait(self) -> bool:  # type: ignore[override]
        self.reached.set()
        return await super().wait()
