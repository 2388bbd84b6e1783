"""What a section of the page is made of: charts, each with the table of what it shows."""

from __future__ import annotations

import dataclasses

import plotly.graph_objects as go

from .palette import PAPER


@dataclasses.dataclass
class Table:
    """Columns whose values are numbers are set flush right."""

    columns: list[str]
    rows: list[list]


@dataclasses.dataclass
class Panel:
    title: str
    figure: go.Figure
    table: Table
    note: str = ""


@dataclasses.dataclass
class Section:
    identifier: str
    title: str
    lead: str
    panels: list[Panel]
    # One panel at a time behind tabs, or all of them.
    is_tabbed: bool = True


def figure(height: int, **layout) -> go.Figure:
    """An empty figure in the page's manner; its colours are set by the page when it is drawn."""
    made = go.Figure()
    made.layout.template = "none"
    made.update_layout(
        height=height,
        margin={"l": 8, "r": 12, "t": 12, "b": 8},
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0, "xanchor": "left", "traceorder": "normal"},
        hovermode="closest", bargap=0.25, barcornerradius=2, **layout,
    )
    made.update_xaxes(automargin=True, zeroline=False, title_standoff=8)
    made.update_yaxes(automargin=True, zeroline=False, title_standoff=8)
    return made


def outline() -> dict:
    """A thin edge in the page's colour that parts what overlaps or adjoins."""
    return {"color": PAPER, "width": 1}
