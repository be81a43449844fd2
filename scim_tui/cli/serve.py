"""`scim-tui serve`: the embedded provisioning service over TCP."""

import argparse
import re
import sys
from typing import TYPE_CHECKING

from scim_tui.cli.base.args import command, path
from scim_tui.cli.base.exits import Exit

if TYPE_CHECKING:
    from scim_tui.cli.base.args import Commands
    from scim_tui.service.runner import Ready

_MOST_PORT = 65535


def add(commands: "Commands") -> None:
    """Add the command."""
    parser = command(
        commands,
        "serve",
        "run the provisioning service over TCP",
        run,
        plain=True,
        example="scim-tui serve --enable\n"
        "scim-tui serve --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem\n"
        "scim-tui serve --port 0 --ready-json",
    )
    parser.add_argument(
        "--data", metavar="DIR", type=path, help="data folder, else SCIM_TUI_DATA_DIR"
    )
    parser.add_argument("--host", metavar="H", default="127.0.0.1", help="address (127.0.0.1)")
    parser.add_argument(
        "--port", metavar="N", type=_port, default=8765, help="port (8765); 0: a free one"
    )
    parser.add_argument("--tls-cert", metavar="FILE", type=path, help="certificate chain, PEM")
    parser.add_argument("--tls-key", metavar="FILE", type=path, help="private key, PEM")
    parser.add_argument(
        "--behind-proxy", action="store_true", help="a proxy in front does TLS: any --host"
    )
    parser.add_argument("--public-url", metavar="URL", help="where IdPs reach the service")
    parser.add_argument("--enable", action="store_true", help="enable provisioning, no token made")
    parser.add_argument(
        "--ready-json", action="store_true", help="print one line of JSON when it listens"
    )
    parser.add_argument(
        "--limits", choices=("on", "off"), default="on", help="keep to the published rates (on)"
    )
    parser.add_argument(
        "--new-admin-key", action="store_true", help="replace the admin key and show the new one"
    )
    parser.add_argument(
        "--keep-requests",
        nargs="?",
        const="masked",
        choices=("masked", "full"),
        metavar="full",
        help="keep what refused requests sent, names and addresses masked; full: as it came."
        " Secrets never; 256 MB, the oldest go first",
    )
    parser.add_argument("--until-stdin-closes", action="store_true", help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """Serve until stopped. Raises `UsageError` and `Unreachable`."""
    from scim_tui.config.paths import data_dir
    from scim_tui.model.typed_path import at_home
    from scim_tui.service.keeper import Keep
    from scim_tui.service.runner import Settings, serve

    settings = Settings(
        data=at_home(args.data) if args.data else data_dir(),
        host=args.host,
        port=args.port,
        tls_cert=args.tls_cert,
        tls_key=args.tls_key,
        behind_proxy=args.behind_proxy,
        public_url=args.public_url,
        enable=args.enable,
        limited=args.limits == "on",
        new_admin_key=args.new_admin_key,
        keep=Keep(args.keep_requests) if args.keep_requests else None,
        until_stdin_closes=args.until_stdin_closes,
    )
    serve(settings, _print_json if args.ready_json else _print_text)
    return Exit.DONE


def _port(text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) > _MOST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: a port is 0 to {_MOST_PORT}")
    return int(text)


def _print_json(ready: "Ready") -> None:
    import json

    sys.stdout.write(json.dumps(ready._asdict()) + "\n")
    sys.stdout.flush()


def _print_text(ready: "Ready") -> None:
    lines = ["The provisioning service is listening. Stop it with Ctrl-C."]
    if ready.scim_endpoint:
        lines.append(f"  SCIM endpoint   {ready.scim_endpoint}")
    else:
        lines.append("  Provisioning is off; switch it on with: scim-tui provisioning enable")
    lines.append(f"  Admin endpoint  {ready.admin_endpoint}")
    if ready.admin_key:
        lines.append(f"  Admin key       {ready.admin_key}   (shown this once)")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
