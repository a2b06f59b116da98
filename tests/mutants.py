"""Mutants of the re-checker: each arithmetic operator and comparison changed, one at a time, and run on documents of known outcome."""

import ast
import copy
import graphlib
import signal
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import checks.recheck
from tests.mutant_families import Family

FOLDER = Path(checks.recheck.__path__[0])


def module_order() -> tuple[str, ...]:
    """All modules but the command line's, each after those that it imports."""
    imported: dict[str, set[str]] = {}
    paths = [path for path in FOLDER.glob("*.py") if path.stem != "__main__"]
    for path in paths:
        nodes = [
            node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.ImportFrom) and node.level == 1
        ]
        names = {name for node in nodes for name in ([node.module] if node.module else [alias.name for alias in node.names])}
        imported[path.stem] = names
    return tuple(graphlib.TopologicalSorter(imported).static_order())


ORDER = module_order()
SECONDS = 60
"""Processor seconds after which a mutant counts as one that does not end; a full pass takes a fifth of them."""
SWAPS: dict[type, type] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitOr,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
REVERSED: dict[type, type] = {ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt}


@dataclass(frozen=True)
class Mutant:
    """One changed operator of one module: where it stands, the change in words, and the changed tree, made when it is asked for."""

    module: str
    line: int
    column: int
    change: str
    tree: Callable[[], ast.Module]

    @property
    def name(self) -> str:
        """Where and what."""
        return f"{self.module}.py:{self.line}:{self.column} {self.change}"


def sites(tree: ast.Module) -> list[tuple[int, ast.AST, int, type]]:
    """Each operator outside annotations: its number, its node, which of the node's operators, and what replaces it."""
    annotations = {
        id(inner)
        for node in ast.walk(tree)
        for field in ("annotation", "returns")
        if isinstance(getattr(node, field, None), ast.AST)
        for inner in ast.walk(getattr(node, field))
    }
    found = []
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in annotations:
            continue
        if isinstance(node, (ast.BinOp, ast.AugAssign)):
            found.append((number, node, -1, SWAPS[type(node.op)]))
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            found.append((number, node, -1, ast.UAdd))
        elif isinstance(node, ast.Compare):
            for i, operator in enumerate(node.ops):
                found.append((number, node, i, SWAPS[type(operator)]))
                if type(operator) in REVERSED:
                    found.append((number, node, i, REVERSED[type(operator)]))
    return found


def mutants(modules: Sequence[str]) -> Iterator[Mutant]:
    """Every mutant of these modules."""
    for module in modules:
        tree = ast.parse((FOLDER / f"{module}.py").read_text(encoding="utf-8"))
        for number, node, position, new in sites(tree):
            place: Any = node
            old = place.op if position < 0 else place.ops[position]
            change = f"{type(old).__name__} → {new.__name__}"
            yield Mutant(module, place.lineno, place.col_offset, change, partial(changed, tree, number, position, new))


def changed(tree: ast.Module, number: int, position: int, new: type) -> ast.Module:
    """A copy of the tree with another operator in its node of this number."""
    copied = copy.deepcopy(tree)
    twin: Any = list(ast.walk(copied))[number]
    if position < 0:
        twin.op = new()
    else:
        twin.ops[position] = new()
    return ast.fix_missing_locations(copied)


def load(mutant: Mutant | None) -> types.ModuleType:
    """The package, with one module changed, under a name of its own."""
    package = "mutated_recheck"
    for name in [name for name in sys.modules if name.split(".")[0] == package]:
        del sys.modules[name]
    root = types.ModuleType(package)
    root.__path__ = []
    root.__package__ = package
    sys.modules[package] = root
    for name in ORDER:
        tree = mutant.tree() if mutant and mutant.module == name else ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8"))
        if name == "__init__":
            module = root
        else:
            module = types.ModuleType(f"{package}.{name}")
            module.__package__ = package
            sys.modules[module.__name__] = module
            setattr(root, name, module)
        exec(compile(tree, f"{name}.py", "exec"), module.__dict__)
    return root


def outcome(package: Any, content: bytes, path: Path) -> str:
    """What a package says of a file: its claims or the refusal or the class of another exception; the work and the memory it was charged."""
    budgets: list[Any] = []
    original = package.document.Budget

    class Recorded(original):
        def __init__(self) -> None:
            super().__init__()
            self.most = 0
            budgets.append(self)

        def hold(self, numbers: int, where: str) -> None:
            self.most = max(self.most, numbers)
            super().hold(numbers, where)

    for module in (package.equivariant, package.feedforward, package.structured):
        module.Budget = Recorded
    path.write_bytes(content)
    try:
        claims = package.recheck(path)
        text = "accepted " + " ".join(str(claims[name]) for name in ("name", "error_bound", "radius", "epsilon", "norm", "says"))
    except package.Refused as refusal:
        text = f"refused {refusal.code} {refusal}"
    except Exception as error:
        text = f"fault {type(error).__name__}"
    return text + "".join(f" [{package.document.LARGEST_WORK - budget.left} {budget.most}]" for budget in budgets)


class TooLong(BaseException):
    """A mutant that does not end."""


def killed(mutant: Mutant, family: Family, known: list[tuple[bytes, str]], path: Path) -> str:
    """Why a mutant dies: the first document whose outcome differs, a known result that differs, or `SECONDS` of computing; "" if it survives."""

    def stop(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        package = load(mutant)
        family.units(package)
        family.file_units(load(mutant), path)
        package = load(mutant)
        for number, (content, expected) in enumerate(known):
            if family.written(outcome(package, content, path)) != expected:
                return f"document {number}"
    except TooLong:
        return "does not end"
    except Exception as error:
        return type(error).__name__
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return ""
