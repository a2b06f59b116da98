"""PyTorch classifiers as exact graphs, what is refused and how, and the command that prunes them."""

import dataclasses
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional

from checks.recheck import recheck
from numerics.commands.prune import PruneCommand, prune_target
from numerics.commands.targets import TargetsCommand, list_targets
from numerics.errors import BadTarget, BadTicket
from numerics.feedforward.build import FeedforwardResult
from numerics.feedforward.command import told
from numerics.feedforward.execute import run_sums, run_target
from numerics.feedforward.from_torch import target_from_torch
from numerics.feedforward.load import load_ticket
from numerics.feedforward.targets import FILES, built_in_feedforward, find
from numerics.feedforward.targets._published import LeNet5, ResNet20
from numerics.feedforward.task import FeedforwardTask, classifier
from numerics.feedforward.torch_names import MODULES
from theory.errors import BadFile, BadInput, UnknownName

BOX = (Fraction(-1), Fraction(1))


class Functional(nn.Module):
    """Functions and methods instead of modules; batch normalisation before, after and without an affine layer."""

    def __init__(self) -> None:
        super().__init__()
        self.before, self.conv, self.norm = nn.BatchNorm2d(3), nn.Conv2d(3, 6, 3, 2, 1, groups=3, bias=False), nn.BatchNorm2d(6)
        self.skip, self.dense = nn.Conv2d(3, 6, 1, 2), nn.Linear(6, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """`[batch, 3, 8, 8]` to `[batch, 4]`."""
        x = self.before(x)
        x = functional.relu(self.norm(self.conv(x)) + self.skip(x))
        x = functional.dropout(functional.max_pool2d(x, 2), training=self.training)
        x = functional.avg_pool2d(x, x.size()[3])
        return self.dense(x.view(x.size(0), -1))


def randomised(module: nn.Module, seed: int = 0) -> nn.Module:
    """The module in evaluation mode with random numbers and statistics."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, values in module.state_dict().items():
            if values.is_floating_point():
                draw = torch.rand if "var" in name else torch.randn
                values.copy_(draw(values.shape, generator=generator) / 4 + (0.5 if "var" in name else 0))
    return module.eval()


def images(shape: tuple[int, ...], seed: int = 0) -> np.ndarray:
    return (np.random.Generator(np.random.Philox(seed)).integers(-64, 65, shape) / 64).astype(np.float32)


@pytest.mark.parametrize("make", [Functional, ResNet20, LeNet5])
def test_the_graph_of_a_module_computes_what_the_module_computes(make: type[nn.Module]) -> None:
    module = randomised(make())
    shape = {Functional: (3, 8, 8), ResNet20: (3, 32, 32), LeNet5: (1, 28, 28)}[make]
    target = target_from_torch("module", module, shape, *BOX)
    x = images((3, *shape))
    with torch.no_grad():
        wanted = module.double()(torch.from_numpy(x).double()).numpy()
    np.testing.assert_allclose(run_target(target, x), wanted, rtol=1e-4, atol=1e-4 * np.abs(wanted).max())


def test_resnet20_and_lenet5_have_the_published_numbers_of_parameters() -> None:
    """Folding makes one bias out of a factor and a shift; the 240 ones of the published identity shortcuts are no weights here."""
    assert target_from_torch("lenet5", LeNet5(), (1, 28, 28), *BOX).parameters == 107_786
    target = target_from_torch("resnet20", ResNet20(), (3, 32, 32), *BOX)
    module = ResNet20()
    norms = sum(part.num_features for part in module.modules() if isinstance(part, nn.BatchNorm2d))
    assert target.parameters + norms + 240 == 272_714


class Wrapped(nn.Module):
    """A module of which one part is in question."""

    def __init__(self, part: nn.Module) -> None:
        super().__init__()
        self.first, self.part = nn.Conv2d(1, 2, 3), part

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """First the convolution, then the part."""
        return self.part(self.first(x))


def _spoilt() -> nn.Module:
    norm = nn.BatchNorm2d(2)
    norm.running_var = torch.tensor([1.0, -2.0])
    return norm


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (nn.Softmax(dim=1), r"module part, Softmax\(dim=1\), is not supported; supported are: Conv2d"),
        (nn.Conv2d(2, 2, 3, dilation=2), r"module part \(Conv2d\): padding zeros .*, dilation \(2, 2\)"),
        (nn.Conv2d(2, 2, 3, padding=1, padding_mode="reflect"), "padding reflect"),
        (nn.Conv2d(3, 2, 3), r"module part \(Conv2d\): weights of shape \(2, 3, 3, 3\)"),
        (nn.Linear(2, 2), "flatten it first"),
        (nn.MaxPool2d(2, ceil_mode=True), "ceil_mode=True.*, is not supported"),
        (nn.MaxPool2d(9), "does not fit"),
        (nn.BatchNorm2d(2, track_running_stats=False), "no running statistics"),
        (nn.ConvTranspose2d(2, 2, 3), r"ConvTranspose2d\(2, 2, .*, is not supported"),
        (nn.LSTM(2, 2), r"LSTM\(2, 2\), is not supported"),
        (nn.GELU("tanh"), "approximate = 'tanh'; 'none' alone was expected"),
        (_spoilt(), r"running_var \+ eps of channel 1 is -1.* a positive number was expected"),
    ],
)
def test_unsupported_modules_are_refused_by_name(part: nn.Module, message: str) -> None:
    with pytest.raises(BadTarget, match=message):
        target_from_torch("wrapped", Wrapped(part), (1, 6, 6), *BOX)


def test_functions_control_flow_and_numbers_that_make_no_sense_are_refused() -> None:
    class Branching(Wrapped):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            """Depends on its input."""
            return self.first(x) if x.sum() > 0 else x

    class Sine(Wrapped):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            """A function without a construction."""
            return torch.sin(self.first(x))

    with pytest.raises(BadTarget, match=r"cannot be traced by torch\.fx"):
        target_from_torch("branching", Branching(nn.Identity()), (1, 6, 6), *BOX)
    with pytest.raises(BadTarget, match=r"operation sin .* is not supported"):
        target_from_torch("sine", Sine(nn.Identity()), (1, 6, 6), *BOX)
    broken = Wrapped(nn.Identity())
    with torch.no_grad():
        broken.first.weight[1, 0, 2, 2] = float("inf")
    with pytest.raises(BadTarget, match=r"layer 0, weights \(1, 0, 2, 2\): the value is inf"):
        target_from_torch("broken", broken, (1, 6, 6), *BOX)


USER = """
from fractions import Fraction
import numpy as np
from torch import nn
from numerics.feedforward.task import classifier

def build(cache, weights=None):
    module = nn.Sequential(nn.Conv2d(1, 2, 3, padding=1), nn.BatchNorm2d(2), nn.ReLU(), nn.Flatten(), nn.Linear(32, 3))
    inputs = (np.arange(64).reshape(4, 1, 4, 4) % 7 / 7).astype(np.float32)
    return classifier("mine", module, inputs, np.zeros(4, int), low=Fraction(0), high=Fraction(1), weights=weights)
"""


def test_the_command_prunes_a_module_of_the_users_with_weights_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "model.py").write_text(USER)
    module = randomised(nn.Sequential(nn.Conv2d(1, 2, 3, padding=1), nn.BatchNorm2d(2), nn.ReLU(), nn.Flatten(), nn.Linear(32, 3)))
    save_file(module.state_dict(), tmp_path / "w.safetensors")
    torch.save(module.state_dict(), tmp_path / "w.pt")
    options = {"width": 40, "samples": 16, "workers": 1, "out": tmp_path / "out", "epsilon": "0.1", "radius": "1/1024", "points": 2}
    for weights in ("w.safetensors", "w.pt"):
        assert prune_target(PruneCommand(f"{tmp_path / 'model.py'}:build", weights=tmp_path / weights, **options)) == 0
        said = capsys.readouterr().out
        assert "certified |ticket(x) - target(x)| <=" in said
        assert "none redrawn" in said
    certificate = tmp_path / "out" / "certificates" / "mine.json"
    result = json.loads((tmp_path / "out" / "results" / "mine.json").read_text())
    assert float(result["error_bound"]) >= float(recheck(certificate)["error_bound"])
    target, ticket = load_ticket(certificate)
    x = images((5, 1, 4, 4))
    with torch.no_grad():
        wanted = module(torch.from_numpy(np.abs(x))).numpy()
    np.testing.assert_allclose(run_sums(ticket, np.abs(x)), wanted, atol=float(result["network_bound"]) + 1e-5)
    content = json.loads(certificate.read_text())
    content["layers"][0]["second"] = "A" + content["layers"][0]["second"][1:]
    for text in ("{", json.dumps(content), "{}"):
        (tmp_path / "broken.json").write_text(text)
        with pytest.raises(BadTicket):
            load_ticket(tmp_path / "broken.json")
    assert target.parameters == 2 * 9 + 2 + 32 * 3 + 3


def test_weights_and_names_that_fit_nothing_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(USER)
    name = f"{tmp_path / 'model.py'}:build"
    save_file({"0.weight": torch.zeros(1)}, tmp_path / "other.safetensors")
    (tmp_path / "damaged.safetensors").write_bytes(b"no")
    (tmp_path / "damaged.pt").write_bytes(b"no")
    for file, message in (
        ("missing.pt", "is no file"),
        ("other.safetensors", "does not fit Sequential"),
        ("damaged.safetensors", "fit|read"),
        ("damaged.pt", "fit|read"),
    ):
        with pytest.raises(BadFile, match=message):
            find(name, tmp_path, tmp_path / file)
    with pytest.raises(BadInput, match="--weights"):
        find("conv_digits", tmp_path, tmp_path / "w.pt")
    with pytest.raises(UnknownName, match="known are atlas, conv_digits"):
        find("nosuch", tmp_path)


class Averaged(Wrapped):
    """The mean over both directions of a map, with and without them."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """`[batch, 1, H, W]` to `[batch, 2]`."""
        return self.part(torch.mean(self.first(x), dim=(-2, -1), keepdim=True) + self.first(x).mean((2, 3), keepdim=True)).mean([2, 3])


def test_the_mean_over_a_map_is_average_pooling_and_over_other_directions_is_refused() -> None:
    module, x = Averaged(nn.ReLU()), images((3, 1, 6, 6))
    with torch.no_grad():
        wanted = module(torch.from_numpy(x)).numpy()
    np.testing.assert_allclose(run_target(target_from_torch("averaged", module, (1, 6, 6), *BOX), x), wanted, atol=1e-6)

    class Channels(Wrapped):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            """Over the channels."""
            return self.first(x).mean((1, 2))

    with pytest.raises(BadTarget, match=r"mean .* is not supported"):
        target_from_torch("channels", Channels(nn.Identity()), (1, 6, 6), *BOX)


def _at(value: float) -> np.ndarray:
    x = images((2, 1, 4, 4))
    x[1, 0, 2, 3] = value
    return x


@pytest.mark.parametrize(
    ("module", "x", "labels", "box", "message"),
    [
        (nn.Flatten(), images((2, 1, 4, 4)), np.zeros(3), BOX, "3 labels for 2 inputs"),
        (nn.Flatten(), images((2, 4, 4)), None, BOX, r"float32 \[2, 4, 4\]; .* \[N, channels, height, width\]"),
        (nn.Flatten(), images((2, 1, 4, 4)).astype(float), None, BOX, "ndarray float64"),
        (nn.Flatten(), _at(float("nan")), None, BOX, r"input 1 has the entry nan at channel, row, column \(0, 2, 3\)"),
        (nn.Flatten(), _at(-3.0), None, BOX, "input 1 has the entry -3.0 .* Rescale the inputs"),
        (nn.Linear(2, 2).double(), images((2, 1, 4, 4)), None, BOX, r"weight is torch.float64; .* call .float\(\)"),
    ],
)
def test_inputs_and_modules_that_make_no_target_are_refused_with_the_place(
    module: nn.Module, x: np.ndarray, labels: np.ndarray | None, box: tuple[Fraction, Fraction], message: str
) -> None:
    with pytest.raises(BadTarget, match=message):
        classifier("mine", module, x, labels, low=box[0], high=box[1])


def test_a_bound_beyond_what_the_outputs_do_on_the_test_inputs_is_said_to_say_nothing_of_them() -> None:
    """A deep network's range over the box is as loose as its bound, so the bound is compared with the outputs seen as well."""
    plain = {"int": 1, "float": 1.0, "str": "1", "bool": True, "float | None": None, "list[str]": ["1"], "list[int]": []}
    kinds = {field.name: getattr(field.type, "__name__", str(field.type)) for field in dataclasses.fields(FeedforwardResult)}
    kinds |= {
        field.name: str(field.type) for field in dataclasses.fields(FeedforwardResult) if "[" in str(field.type) or "|" in str(field.type)
    }
    values = {name: plain[kind] for name, kind in kinds.items()}
    for bound, range_too, seen, said in (
        ("4e13", False, 200.0, "over 200: of these it says nothing"),
        ("2", True, 1.0, "outputs: it says nothing"),
    ):
        fields = values | {"network_bound": bound, "network_says_nothing": range_too, "sampled_extent": seen}
        assert said in told(FeedforwardResult(**fields))
    fields = values | {"network_bound": "0.01", "network_says_nothing": False, "sampled_extent": 200.0}
    assert "nothing" not in told(FeedforwardResult(**fields))


def test_what_a_network_may_consist_of_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    list_targets(TargetsCommand(modules=True, json=True))
    listed = json.loads(capsys.readouterr().out)
    assert listed == MODULES
    guide = " ".join((Path(__file__).parents[1] / "docs" / "guide.md").read_text(encoding="utf-8").split())
    assert all(name.split(",")[0].split("(")[0].split()[0] in guide for name in listed)


def test_published_targets_are_read_by_path_and_shipped_by_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOTTERY_TICKETS_PUBLISHED", raising=False)
    with pytest.raises(BadFile, match="--published DIR"):
        find("lenet5_mnist", tmp_path)
    with pytest.raises(BadFile, match="is no file"):
        find("lenet5_mnist", tmp_path, folder=tmp_path)
    (tmp_path / FILES["lenet5_mnist"]).write_bytes(b"no archive")
    with pytest.raises(BadFile, match="is not the published target"):
        find("lenet5_mnist", tmp_path, folder=tmp_path)
    module = randomised(LeNet5())
    np.savez(tmp_path / FILES["lenet5_mnist"], **{key: value.numpy() for key, value in module.state_dict().items()})
    monkeypatch.setenv("LOTTERY_TICKETS_PUBLISHED", str(tmp_path))
    task = find("lenet5_mnist", tmp_path)
    assert isinstance(task, FeedforwardTask)
    assert task.target.parameters == 107_786


@pytest.mark.parametrize("name", ["conv_digits", "residual_digits"])
def test_the_digits_networks_are_accurate_and_read_from_the_cache(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    task = built_in_feedforward()[name](tmp_path)
    assert task.labels is not None
    assert (run_target(task.target, task.inputs).argmax(axis=1) == task.labels).mean() >= 0.96
    assert task.folding < 1e-4
    monkeypatch.setattr("numerics.feedforward.targets._modules.train", lambda *_: pytest.fail("trained again"))
    again = built_in_feedforward()[name](tmp_path)
    for a, b in zip(task.target.layers, again.target.layers, strict=True):
        np.testing.assert_array_equal(a.weights, b.weights)
