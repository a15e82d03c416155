"""Tables for people."""


def number(value, digits=1):
    """Nothing stands where nothing was measured."""
    return "–" if value is None else f"{value:.{digits}f}"


def render(title, head, rows, notes=""):
    widths = [max(map(len, column)) for column in zip(head, *rows)]
    lines = [title]
    for cells in [head, *rows]:
        first, *others = [cell.rjust(width) for cell, width in zip(cells, widths)]
        lines.append("  ".join([cells[0].ljust(len(first)), *others]).rstrip())
    return "\n".join(lines + ([notes] if notes else []))
