"""The throw-away folder of a demo, which is recognised by the file demo.json in it."""

import json
import shutil
from pathlib import Path

from scim_tui.cli.demo.plan import Plan
from scim_tui.config.paths import private_folder, write_atomic
from scim_tui.demo.idp import TOKEN
from scim_tui.model.errors import UsageError

PLAN = "demo.json"
EXPORT = "people.csv"
GROUPS_EXPORT = "groups.json"
MEMORY = "idp.json"
"""The state of the IdP; with it a restarted service goes on with the data."""


def prepare(folder: Path, plan: Plan) -> None:
    """Make the folder one of a demo."""
    write_atomic(private_folder(folder) / PLAN, json.dumps(plan._asdict()))


def take_over(folder: Path) -> Plan:
    """The plan of a demo; without the memory of its IdP the folder is emptied for a new start.

    Raises `UsageError` when the folder is not one of a demo.
    """
    try:
        plan = Plan(**json.loads((folder / PLAN).read_text("utf-8")))
    except FileNotFoundError:
        if folder.exists() and any(folder.iterdir()):
            raise UsageError(
                f"The folder {folder} is not one of a demo.", "A demo needs an empty folder."
            ) from None
        plan = Plan()
        prepare(folder, plan)
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(f"{folder / PLAN} cannot be read.", "Start the demo again.") from error
    if (folder / MEMORY).exists():
        return plan
    for old in (
        *folder.glob("service.sqlite3*"),
        folder / TOKEN,
        folder / EXPORT,
        folder / GROUPS_EXPORT,
    ):
        old.unlink(missing_ok=True)
    return plan


def remove(folder: Path) -> None:
    """Remove a demo and everything in it."""
    if (folder / PLAN).exists():
        shutil.rmtree(folder, ignore_errors=True)
