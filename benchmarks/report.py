"""Tables of text, and the aims beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Aim:
    """What a ratio should be, and what it is."""

    what: str
    wanted: str
    found: str
    met: bool

    def line(self) -> str:
        """The aim in one line."""
        return (
            f"{'met   ' if self.met else 'MISSED'}  {self.what}: {self.found} (aim {self.wanted})"
        )


@dataclass(slots=True)
class Report:
    """Prints tables as they are made, and keeps the aims for the end."""

    aims: list[Aim] = field(default_factory=list)

    def title(self, text: str, *notes: str) -> None:
        """Start a section."""
        print(f"\n== {text}")
        for note in notes:
            print(f"   {note}")

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print rows below a head; the first column is on the left, the others on the right."""
        widths = [max(len(line[i]) for line in (head, *rows)) for i in range(len(head))]
        print()
        for line in (head, *rows):
            cells = [
                text.rjust(width) if place else text.ljust(width)
                for place, (text, width) in enumerate(zip(line, widths, strict=True))
            ]
            print("   " + "  ".join(cells).rstrip())
        print(flush=True)

    def at_least(self, what: str, found: float, wanted: float, digits: int = 1) -> None:
        """An aim that is met from `wanted` on."""
        self._aim(what, f">= {wanted:g}x", f"{found:.{digits}f}x", found >= wanted)

    def at_most(self, what: str, found: float, wanted: float, unit: str = "x") -> None:
        """An aim that is met up to `wanted`."""
        shown = f"{found:.2f}{unit}" if unit == "x" else f"{found:.0f}{unit}"
        self._aim(what, f"<= {wanted:g}{unit}", shown, found <= wanted)

    def summary(self) -> None:
        """Every aim again, and how many were missed."""
        missed = sum(not aim.met for aim in self.aims)
        if self.aims:
            self.title(f"Aims: {len(self.aims) - missed} met, {missed} missed")
        for aim in self.aims:
            print(f"   {aim.line()}")

    def _aim(self, what: str, wanted: str, found: str, met: bool) -> None:
        aim = Aim(what, wanted, found, met)
        self.aims.append(aim)
        print(f"   {aim.line()}", flush=True)


def ms(seconds: float) -> str:
    """Milliseconds, with as many digits as mean something."""
    value = seconds * 1000
    return f"{value:.0f} ms" if value >= 100 else f"{value:.2f} ms"


def times(ratio: float) -> str:
    """A ratio."""
    return f"{ratio:.2f}x" if ratio < 10 else f"{ratio:.0f}x"
