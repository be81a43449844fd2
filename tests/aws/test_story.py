"""Identity Center on the screens, as an administrator walks through them."""

from datetime import timedelta
from pathlib import Path

from scim_tui.tui.app import ScimApp
from scim_tui.tui.session.session import Session
from tests.aws.standin import StandIn, record
from tests.aws.test_activity import told
from tests.aws.test_findings import ANA, CONSOLE, space
from tests.aws.world import NOW, world
from tests.tui.stage import Stage, slow_hands


async def test_an_administrator_looks_around(aws: StandIn, tmp_path: Path) -> None:
    aws.network = {"VpceAccessRequired": False, "ScimAllowSourceIps": ["203.0.113.0/24"]}
    async with world(aws, tmp_path / "aws") as here:
        ids = [await here.push(f"user{n}@x.org") for n in range(3)]
        await here.push_group("Crew", ids[:2])
        aws.externals.pop(ids[2])
        told(
            here,
            record(
                "CreateBearerToken",
                NOW - timedelta(days=5),
                source=CONSOLE,
                arn=ANA,
                answered={"tokenId": "tok-1"},
            ),
            record(
                "CreateGroup",
                NOW - timedelta(minutes=4),
                error="ConflictException",
                message="Duplicate GroupDisplayName",
            ),
            record("PatchUser", NOW - timedelta(minutes=3), asked={"id": ids[0]}),
        )

        async def opener() -> object:
            return space(here, tmp_path)

        session = Session("aws", opener, read_only=False, label="dev")  # type: ignore[arg-type]
        app = ScimApp(session, clock=lambda: here.now)
        with slow_hands():
            async with app.run_test(size=(120, 40)) as pilot:
                stage = Stage(app, pilot, here.provider)  # type: ignore[arg-type]
                await stage.sees(
                    "SCIM allow list",
                    "198.51.100.7, where the IdP came from",
                    "tok-1 ends 2027-11-20 (computed)",
                    "2 requests, 1 accepted, 1 refused",
                )
                await stage.press("2")
                await stage.sees(
                    "1 recorded, none listed here", "from CloudTrail, made by", "end computed"
                )
                await stage.press("4")
                await stage.sees("user0@x.org", "BESIDE SCIM", "this tenant")
                await stage.press("tab", "enter", "right")
                await stage.sees("Members 2", "user1@x.org")
                await stage.press("5")
                await stage.sees("PatchUser", "group.displayNa", "CreateBeare", "tok-1")
