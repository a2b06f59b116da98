"""The statements of the ledger, by paper and status, and which rests on which."""

import networkx
import pyarrow as pa
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from paper_figures.style import OKABE_ITO, figure_size

NEEDS = ("statements",)
CAPTION = (
    "Statements of the papers and of the companion, a column for each paper, with the status that the stored evidence gives them: derived "
    "(every machine step of the proof held), formalised (accepted by the Coq kernel), certified (holds for the instances listed), supported "
    "(held in trials), stated (transcribed), refuted (a counterexample is stored), undecided. Solid lines lead from a statement to those its "
    "proof uses, dotted ones to those its text uses."
)
ALTERNATIVE = (
    "Columns of small markers, one column for each paper, linked by thin curves. Most markers are filled circles for derived statements; the "
    "column of the companion is the longest and most links lead to or from it."
)
MARKS = {
    "formalised": ("s", "blue"),
    "derived": ("o", "green"),
    "certified": ("D", "sky"),
    "supported": ("v", "orange"),
    "stated": ("o", "white"),
    "undecided": ("^", "yellow"),
    "refuted": ("X", "vermilion"),
}


def draw(data: pa.Table) -> tuple[Figure, pa.Table]:
    """The figure and the numbers plotted: each statement with its place."""
    from matplotlib import pyplot as plt

    rows = data.to_pylist()
    graph = networkx.DiGraph((row["id"], used) for row in rows for used in row["uses"])
    depth = _depths(graph)
    papers = sorted({row["paper"] for row in rows}, key=lambda paper: (paper == "companion", paper))
    places = {}
    for column, paper in enumerate(papers):
        own = sorted((row for row in rows if row["paper"] == paper), key=lambda row: (depth.get(row["id"], 0), row["id"]))
        wide = 1 + (len(own) - 1) // TALLEST
        for index, row in enumerate(own):
            places[row["id"]] = (sum(_columns(rows, earlier) for earlier in papers[:column]) + index % wide, index // wide)
    figure, axes = plt.subplots(figsize=figure_size(1))
    for row in rows:
        for kind, style in (("uses", "-"), ("uses_to_state", ":")):
            for used in row[kind]:
                _link(axes, places[row["id"]], places[used], style)
    for status, (marker, colour) in MARKS.items():
        chosen = [places[row["id"]] for row in rows if row["status"] == status]
        if chosen:
            face = colour if colour == "white" else OKABE_ITO[colour]
            xs, ys = zip(*chosen, strict=True)
            axes.plot(xs, ys, marker, color=OKABE_ITO["black"], markerfacecolor=face, markersize=4.5, markeredgewidth=0.4, zorder=3)
    starts = {paper: min(places[row["id"]][0] for row in rows if row["paper"] == paper) for paper in papers}
    axes.set_xticks([starts[paper] + (_columns(rows, paper) - 1) / 2 for paper in papers])
    axes.set_xticklabels(papers, rotation=90)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.tick_params(length=0)
    counts = {status: sum(row["status"] == status for row in rows) for status in MARKS}
    handles = [
        Line2D(
            [],
            [],
            linestyle="",
            marker=marker,
            color=OKABE_ITO["black"],
            markerfacecolor=colour if colour == "white" else OKABE_ITO[colour],
            markeredgewidth=0.4,
            label=f"{status} ({counts[status]})",
        )
        for status, (marker, colour) in MARKS.items()
        if counts[status]
    ]
    axes.legend(handles=handles, loc="upper left", ncols=2)
    numbers = [{name: row[name] for name in ("id", "status", "firm", "steps", "uses", "uses_to_state")} for row in rows]
    return figure, pa.Table.from_pylist([row | {"x": float(places[row["id"]][0]), "y": float(places[row["id"]][1])} for row in numbers])


TALLEST = 18


def _columns(rows: list[dict], paper: str) -> int:
    return 1 + (sum(row["paper"] == paper for row in rows) - 1) // TALLEST


def _depths(graph: networkx.DiGraph) -> dict[str, int]:
    depths: dict[str, int] = {}
    for node in reversed(list(networkx.topological_sort(graph))):
        depths[node] = 1 + max((depths[used] for used in graph.successors(node)), default=-1)
    return depths


def _link(axes, start, end, style) -> None:
    from matplotlib.patches import FancyArrowPatch

    axes.add_patch(
        FancyArrowPatch(start, end, arrowstyle="-", connectionstyle="arc3,rad=0.15", linestyle=style, linewidth=0.4, color="0.65", zorder=1)
    )
