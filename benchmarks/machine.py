"""The line that says on what the numbers were made."""

import os
import platform


def machine_line() -> str:
    """Cores, Python and load: what a reader needs to judge the absolute numbers."""
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} cores, {system}, Python {platform.python_version()}, load {load}"
