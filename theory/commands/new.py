"""`theory new`: a stub for a new group."""

from dataclasses import dataclass
from keyword import iskeyword
from pathlib import Path

import tyro

from theory.cli import print_json
from theory.errors import BadFile


@dataclass(frozen=True)
class NewCommand:
    """Write a commented group file that runs."""

    file: tyro.conf.Positional[Path]
    """The file to write; it must not exist."""
    json: bool = False
    """Print JSON."""
    quiet: bool = False
    """Print nothing."""


STUB = '''"""{title}."""

from dataclasses import dataclass

from theory import GroupInstantiation, PermutationGroup, Source, register


@register
@dataclass(frozen=True)
class {name}(GroupInstantiation):
    """What the group permutes."""

    source = Source("mine")  # or the key of a paper
    # basis_size = 2         # a claim about the maps between hidden spaces; left out, it is computed
    # basis_norm = 4         # likewise

    def group(self):
        # one list per generator: the image of each point 0, 1, 2, ...; docs/guide.md lists the other kinds of groups
        return PermutationGroup([[1, 2, 3, 0], [0, 3, 2, 1]])

    def representation(self):
        # .natural() permutes the points; also .regular(), .trivial(), .quotient(...), .representation(images), V + W, V * W, V ** k
        return self.group().natural()
'''


def new(command: NewCommand) -> int:
    """Write the stub."""
    if command.file.exists():
        raise BadFile(f"{command.file} exists and is left alone; name another file.")
    if command.file.suffix != ".py":
        raise BadFile(f"{command.file} is no name for a Python file; it must end in .py.")
    name = "".join(part.capitalize() for part in command.file.stem.replace("-", "_").split("_")) or "MyGroup"
    if not name.isidentifier() or iskeyword(name):
        raise BadFile(f"{command.file}: {name!r} is no class name; start the file's name with a letter.")
    command.file.parent.mkdir(parents=True, exist_ok=True)
    command.file.write_text(STUB.format(title=f"{name}: a group of my own", name=name), encoding="utf-8")
    if command.json:
        print_json({"written": str(command.file)})
    elif not command.quiet:
        print(f"wrote {command.file}\nverify it with: python -m checks {command.file}")
    return 0
