"""Lines of text; only those that change are painted again."""

from collections.abc import Callable, Iterable, Sequence
from typing import Self

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding
from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from scim_tui.tui.drawing.text import Line, to_strip
from scim_tui.tui.drawing.theme import role_style
from scim_tui.tui.faults.guarded import Guarded, report_fault

_UNDRAWN = " This part could not be drawn: ! shows why."


class SpanWidget(Guarded, Widget):
    """A widget that draws spans in the style of their role.

    The styles come from the theme and not from component classes: for these Textual makes and
    matches one node per role and widget, which took most of the time to open a screen.
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._styles_of: dict[str, Style] = {}
        """A cache: Textual computes even the plain style anew at each use."""
        self._theme_of_styles = ""

    def style_of(self, role: str) -> Style:
        """The style the theme gives a role."""
        found = self._styles_of.get(role)
        if found is None:
            self._theme_of_styles = self.app.theme
            found = self.rich_style
            if role:
                found += role_style(role, self.app.theme_variables)
            self._styles_of[role] = found
        return found

    def notify_style_update(self) -> None:
        """Drop the cached styles; under another theme, paint everything again."""
        super().notify_style_update()
        if self._styles_of:
            self._restyle()
            if self._theme_of_styles != self.app.theme:
                self.refresh()

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Paint again; a complete repaint also drops the cached styles."""
        if not regions:
            self._restyle()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the dirty lines; where drawing raises, a sentence is drawn instead."""
        try:
            return self._drawn_lines(crop)
        except Exception as error:
            report_fault(self, error)
            sign = Strip([Segment(_UNDRAWN)]).adjust_cell_length(crop.width)
            blank = Strip.blank(crop.width)
            return [blank if row else sign for row in range(crop.height)]

    def _drawn_lines(self, crop: Region) -> list[Strip]:
        """Draw the dirty lines straight into Textual's cache of lines.

        Textual computes border, padding, tint and opacity of every line first; here are none.
        """
        if self.gutter:
            return super().render_lines(crop)
        cache, width = self._styles_cache, self.size.width
        if width != cache._width:
            cache.clear()
            cache._width = width
        filters, background = self.get_line_filters(), self.background_colors[1]
        for y in crop.line_range:
            if y not in cache._cache or cache.is_dirty(y):
                cache._cache[y] = _filtered(self.render_line(y), filters, background)
        cache._dirty_lines.difference_update(crop.line_range)
        drawn = [cache._cache[y] for y in crop.line_range]
        whole = crop.column_span == (0, width)
        return drawn if whole else [strip.crop(*crop.column_span) for strip in drawn]

    def _restyle(self) -> None:
        self._styles_of.clear()
        self.restyled()

    def restyled(self) -> None:
        """Drop what was drawn in the old styles."""


def _filtered(strip: Strip, filters: Iterable[LineFilter], background: Color) -> Strip:
    """The filtered strip; the same object where the filters change nothing, which is cheaper."""
    before = list(strip)
    segments = before
    for each in filters:
        segments = each.apply(segments, background)
    return strip if segments == before else Strip(segments, strip.cell_length)


class Lines(SpanWidget):
    """A block of lines, each cut to the width; it scrolls while it has the focus."""

    DEFAULT_CSS = "Lines { height: auto; }"
    BINDINGS = [
        Binding("up,k", "scroll_by(-1)", show=False),
        Binding("down,j", "scroll_by(1)", show=False),
        Binding("pageup", "scroll_page(-1)", show=False),
        Binding("pagedown", "scroll_page(1)", show=False),
        Binding("home", "scroll_by(-100000)", show=False),
        Binding("end,G", "scroll_by(100000)", show=False),
    ]

    def __init__(
        self, lines: Sequence[Line] = (), *, id: str | None = None, can_focus: bool = False
    ) -> None:
        super().__init__(id=id)
        self.can_focus = can_focus
        self._lines: tuple[Line, ...] = tuple(lines)
        self._top = 0

    def show(self, lines: Sequence[Line], *, keep_place: bool = True) -> None:
        """Draw these lines from now on; only lines that differ are painted."""
        before, top, height = self._visible(), self._top, len(self._lines)
        self._lines = tuple(lines)
        self._top = min(top, self._last_top) if keep_place else 0
        auto = self.styles.height is not None and self.styles.height.is_auto
        if auto and height != len(self._lines):
            self.refresh(layout=True)
        after = self._visible()
        changed = [
            Region(0, row, self.size.width, 1)
            for row in range(max(len(before), len(after)))
            if before[row : row + 1] != after[row : row + 1]
        ]
        if changed:
            self.refresh(*changed)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """As high as there are lines."""
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        index = self._top + y
        spans = self._lines[index] if index < len(self._lines) else ()
        return to_strip(spans, self.size.width, self.style_of)

    def on_resize(self) -> None:
        """Scroll back if lines at the end would stay empty."""
        self._top = min(self._top, self._last_top)

    @property
    def _last_top(self) -> int:
        return max(len(self._lines) - max(self.size.height, 1), 0)

    def _visible(self) -> tuple[Line, ...]:
        return self._lines[self._top : self._top + max(self.size.height, 1)]

    @property
    def has_more(self) -> bool:
        """Whether there are lines below the last one that is drawn."""
        return self._top < self._last_top

    def action_scroll_by(self, count: int) -> None:
        """Move the view by lines."""
        top = min(max(self._top + count, 0), self._last_top)
        if top != self._top:
            self._top = top
            self.refresh()

    def action_scroll_page(self, count: int) -> None:
        """Move the view by pages."""
        self.action_scroll_by(count * max(self.size.height - 1, 1))


class Wrapped(Lines):
    """Lines that a function makes for the present width, again when the width changes."""

    def __init__(
        self,
        made_for: Callable[[int], Sequence[Line]],
        *,
        id: str | None = None,
        can_focus: bool = False,
    ) -> None:
        super().__init__(id=id, can_focus=can_focus)
        self._made_for = made_for
        self._cells = -1

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """As high as there are lines at this width."""
        self._wrap(width)
        return len(self._lines)

    def on_resize(self) -> None:
        """Make the lines: with a fixed height Textual does not ask for the content before."""
        self._wrap(self.size.width)

    def make(self) -> None:
        """Make the lines again, after their content has changed."""
        if self._cells >= 0:
            self.show(self._made_for(self._cells))

    def _wrap(self, cells: int) -> None:
        if cells != self._cells:
            self._cells = cells
            self._lines = tuple(self._made_for(cells))
            self.refresh()
