"""`make faults`: rotations in which everything goes wrong, and what became of the tokens."""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor

from benchmarks.faults import load, processes, runs
from benchmarks.faults.processes import Outcome
from benchmarks.faults.world import Verdict

SEEDS = 500
ROTATIONS = 100


def main(arguments: list[str] | None = None) -> int:
    """Print runs, faults and what must be nought; 1 when something is not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS, help=f"mixtures of faults ({SEEDS})")
    parser.add_argument("--rotations", type=int, default=ROTATIONS, help="rotations under load")
    parser.add_argument("--places", type=int, help="real SIGKILLs; all places if not given")
    chosen = parser.parse_args(arguments)
    bad = _in_process(runs.run_all(chosen.seeds))
    with ProcessPoolExecutor(2) as pool:
        parts = [pool.submit(processes.run, first, 2, chosen.places) for first in (0, 1)]
        bad += _killed([part.result() for part in parts])
    return 1 if bad + _loaded(load.run(chosen.rotations)) else 0


def _in_process(verdicts: list[Verdict]) -> int:
    lost, wrong = (sum(len(v.lost) for v in verdicts), sum(len(v.wrong) for v in verdicts))
    refused, open_ = sum(v.refused for v in verdicts), [v for v in verdicts if not v.done]
    _title("Faults on the line and dying processes, in process")
    _row("runs", len(verdicts))
    _row("faults that happened", sum(v.faults for v in verdicts))
    _row("ended with one working token that the IdP has", len(verdicts) - len(open_))
    bad = _zeros(lost, wrong, refused)
    for verdict in (v for v in verdicts if not v.done or v.lost or v.wrong or v.refused):
        print(f"   {verdict.plan}: {verdict.told} {verdict.lost} {verdict.wrong}")
    return bad + len(open_)


def _killed(outcomes: list[Outcome]) -> int:
    _title("Real processes over TCP: SIGKILL before and after each effect, and of the service")
    _row("runs", sum(o.runs for o in outcomes))
    _row("faults that happened", sum(o.faults for o in outcomes))
    _row("of them the service killed", sum(o.restarts for o in outcomes))
    return _told(outcomes)


def _loaded(outcome: Outcome) -> int:
    _title("Under load, no faults")
    _row("rotations", outcome.runs)
    _row("requests of the IdP a second", round(outcome.pushed.sent / outcome.pushed.seconds, 1))
    return _told([outcome])


def _told(outcomes: list[Outcome]) -> int:
    _row("seconds", round(max(o.seconds for o in outcomes)))
    _row("requests of the IdP", sum(o.pushed.sent for o in outcomes))
    _row(
        "of them unanswered, while the service was down", sum(o.pushed.unanswered for o in outcomes)
    )
    wrong = [each for o in outcomes for each in (*o.stuck, *o.lost, *o.wrong)]
    _row(
        "ended with one working token that the IdP has", sum(o.runs for o in outcomes) - len(wrong)
    )
    bad = _zeros(
        sum(len(o.lost) for o in outcomes),
        sum(len(o.wrong) for o in outcomes),
        sum(o.pushed.refused for o in outcomes),
    )
    for each in wrong:
        print(f"   {each}")
    return bad + len(wrong)


def _zeros(lost: int, wrong: int, refused: int) -> int:
    _row("lost tokens", lost)
    _row("wrong deletions", wrong)
    _row("provisioning requests refused", refused)
    return lost + wrong + refused


def _title(text: str) -> None:
    print(f"\n== {text}\n")


def _row(what: str, value: float) -> None:
    print(f"   {what:<52} {value:>8,}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
