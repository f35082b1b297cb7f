"""`make house`: where our tree stands, beside the best production tree we know of."""

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

from grimp import build_graph

_ROOT = Path(__file__).resolve().parents[2]
_CODE = sorted((_ROOT / "cps").rglob("*.py"))
_TESTS = sorted((_ROOT / "tests").rglob("*.py"))
_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
_BRANCHES = (
    ast.If,
    ast.For,
    ast.While,
    ast.IfExp,
    ast.ExceptHandler,
    ast.With,
    ast.Assert,
    ast.comprehension,
    ast.BoolOp,
)
_INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*src=)|\son\w+=")
_JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)


def main() -> None:
    """Print one row a number."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in _CODE}
    functions = [
        (path, node) for path, tree in trees.items() for node in ast.walk(tree) if isinstance(node, _FUNCTION)
    ]
    lengths = sorted(_lines(node) for _path, node in functions)
    sizes = sorted(len(path.read_text(encoding="utf-8").splitlines()) for path in _CODE)
    _row(
        "function lines median / p95 / max",
        f"{_at(lengths, 50)} / {_at(lengths, 95)} / {lengths[-1]}",
        "3 / 14 / 75",
    )
    _row("complexity max", max(_complexity(node) for _path, node in functions), "about 8")
    _row("file lines p95 / max", f"{_at(sizes, 95)} / {sizes[-1]}", "196 / 722")
    _row("import cycles between packages", _knots(), "4 to 66 in every tree measured")
    _row("imports inside functions", sum(_has_import(node) for _path, node in functions), "6")
    _row("typed functions", f"{_typed([node for _path, node in functions]):.0f} %", "99 %")
    _row("suppressions", sum(1 for _ in _matches(_CODE, r"# (noqa|type: ignore)")), "2")
    _row("places that commit", sum(1 for _ in _matches(_CODE, r"\.commit\(\)")), "4")
    _row(
        "inline script or style",
        sum(1 for path in _templates() for _ in _INLINE.findall(_markup(path))),
        "0",
    )
    _row("tests : code (lines)", f"{_total(_TESTS) / _total(_CODE):.2f}", "1.36")
    longest = sorted(functions, key=lambda item: -_lines(item[1]))[:5]
    print(
        "\nlongest functions: "
        + ", ".join(f"{p.relative_to(_ROOT)}:{n.name} {_lines(n)}" for p, n in longest)
    )
    largest = sorted(_CODE, key=lambda path: -path.read_text(encoding="utf-8").count("\n"))[:5]
    print(
        "longest files:     "
        + ", ".join(f"{p.relative_to(_ROOT)} {p.read_text().count(chr(10))}" for p in largest)
    )


def _row(name: str, ours: object, best: str) -> None:
    print(f"{name:<36} {ours!s:<16} best measured: {best}")


def _lines(node: ast.AST) -> int:
    assert isinstance(node, _FUNCTION)
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _at(values: list[int], percent: int) -> int:
    return round(statistics.quantiles(values, n=100)[percent - 1])


def _complexity(node: ast.AST) -> int:
    return 1 + sum(isinstance(inner, _BRANCHES) for inner in ast.walk(node))


def _has_import(node: ast.AST) -> bool:
    return any(isinstance(inner, ast.Import | ast.ImportFrom) for inner in ast.walk(node))


def _typed(functions: list[ast.FunctionDef | ast.AsyncFunctionDef]) -> float:
    typed = [f for f in functions if f.returns is not None]
    return 100 * len(typed) / len(functions)


def _matches(paths: list[Path], pattern: str) -> Iterator[str]:
    for path in paths:
        yield from (match[0] for match in re.finditer(pattern, path.read_text(encoding="utf-8")))


def _templates() -> list[Path]:
    return sorted((_ROOT / "templates").rglob("*.html"))


def _markup(path: Path) -> str:
    """Return what a template writes itself: a macro's argument called `style` is no attribute of a page."""
    return _JINJA.sub(" ", path.read_text(encoding="utf-8"))


def _total(paths: list[Path]) -> int:
    return sum(1 for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def _knots() -> int:
    """Count pairs of packages that import each other, directly or not."""
    graph = build_graph("cps")
    packages = sorted(child for child in graph.find_children("cps"))
    reaches = {
        (one, other)
        for one in packages
        for other in packages
        if one != other and graph.find_shortest_chain(one, other, as_packages=True)
    }
    return sum(1 for one, other in reaches if (other, one) in reaches) // 2


if __name__ == "__main__":
    main()
