"""The notifications of a service to systemd (sd_notify(3)), without a library of systemd."""

import os
import socket
from contextlib import suppress


def notify(state: str) -> None:
    """Send a state such as "READY=1"; nothing where systemd did not ask for it."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    # "@" stands for the abstract namespace of Linux.
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.connect(address.replace("@", "\0", 1) if address[0] == "@" else address)
        channel.sendall(state.encode())
