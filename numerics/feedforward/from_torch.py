"""From a PyTorch module to an exact graph, by symbolic tracing; batch normalisation is folded into the layer before it."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import torch
from torch import fx, nn

from numerics.errors import BadTarget
from numerics.feedforward.declared import require_declared, text_of
from numerics.feedforward.graph import FeedforwardTarget, Graph, LayerNumbers
from numerics.feedforward.operations import Activation, Add, Affine, AveragePool, Flatten, MaxPool, Operation
from numerics.feedforward.pointwise import pointwise
from numerics.feedforward.torch_names import ACTIVATIONS, FUNCTIONS, POINTWISE, SAME, SUPPORTED, Tracer, pair, parameters_of
from theory.activation import Activation as Declared


def target_from_torch(
    name: str,
    module: nn.Module,
    shape: tuple[int, int, int],
    low: Fraction,
    high: Fraction,
    activations: Mapping[type[nn.Module], Declared] | None = None,
) -> FeedforwardTarget:
    """The target that a module is in evaluation mode, for inputs of `shape` with entries in [low, high].

    The folded numbers, rounded to float32, are the target; modules of the types in `activations` are what is declared there, each claim of which
    is proved first. Raises `BadTarget`, naming the module, for one that is not supported, and a `Refuted` for a false claim.
    """
    module.eval()
    own = {kind: text_of(declared) for kind, declared in (activations or {}).items()}
    try:
        traced = fx.GraphModule(module, Tracer(tuple(own)).trace(module))
    except Exception as error:
        raise BadTarget(
            f"{type(module).__name__} cannot be traced by torch.fx ({type(error).__name__}: {error}): what it computes must not "
            f"depend on the values of its input. Supported are {SUPPORTED}."
        ) from error
    reader = _Reader(traced, shape, own)
    result = None
    for node in traced.graph.nodes:
        if node.op == "output":
            result = reader.places.get(node.args[0]) if isinstance(node.args[0], fx.Node) else None
        else:
            reader.read(node)
    if result != len(reader.operations):
        raise BadTarget(f"{type(module).__name__}: it returns something else than the last map that it computes; leave other outputs out.")
    return FeedforwardTarget(name, Graph(shape, tuple(reader.operations), reader.nonlinearity or "relu"), tuple(reader.numbers), low, high)


class _Reader:
    """Reads a traced module node by node."""

    def __init__(self, traced: fx.GraphModule, shape: tuple[int, int, int], own: Mapping[type[nn.Module], str]) -> None:
        self.own = own
        self.modules = dict(traced.named_modules())
        self.operations: list[Operation] = []
        self.numbers: list[LayerNumbers] = []
        self.shapes = [shape]
        self.places: dict[Any, int] = {}
        self.sizes: dict[Any, Any] = {}
        self.nonlinearity = ""

    def read(self, node: fx.Node) -> None:
        """Append what a node computes."""
        if node.op == "placeholder":
            if self.places:
                raise BadTarget(f"the module takes a second input, {node.name}; one was expected.")
            self.places[node] = 0
            return
        if node.op == "call_module":
            found = self.modules[str(node.target)]
            where = f"module {node.target} ({type(found).__name__})"
            said = f"module {node.target}, {found!r}," if len(repr(found)) < 200 else where
            handled = self.module(node, found, where)
        else:
            kind = FUNCTIONS.get(node.target, "") if node.op == "call_function" else str(node.target) if node.op == "call_method" else ""  # pyright: ignore[reportArgumentType, reportCallIssue]
            where = f"operation {node.name} ({node.op} {getattr(node.target, '__name__', node.target)})"
            handled, said = self.function(node, kind, where) if kind else False, where
        if not handled:
            raise BadTarget(f"{said} is not supported; supported are: {SUPPORTED}. Replace it by these, or leave it out.")

    def source(self, node: fx.Node, position: int = 0) -> int:
        """The place of an argument that is a map."""
        argument = node.args[position] if position < len(node.args) else None
        if not isinstance(argument, fx.Node) or argument not in self.places:
            raise BadTarget(f"operation {node.name}: argument {position} is {argument}; a map computed before was expected.")
        return self.places[argument]

    def put(self, node: fx.Node, operation: Operation, where: str) -> bool:
        """Append an operation; it fits, or `BadTarget` names it."""
        try:
            self.shapes.append(operation.output_shape(*(self.shapes[source] for source in operation.sources)))
        except BadTarget as error:
            raise BadTarget(f"{where}: {error}") from error
        self.operations.append(operation)
        self.places[node] = len(self.operations)
        return True

    def affine(self, node: fx.Node, operation: Affine, weights: np.ndarray, bias: np.ndarray | None, where: str) -> bool:
        """Append an affine layer with its numbers."""
        expected = (operation.channels, self.shapes[operation.source][0] // operation.groups, *operation.kernel)
        if weights.shape != expected:
            raise BadTarget(
                f"{where}: weights of shape {weights.shape} for a map of shape {self.shapes[operation.source]}; {expected} was expected. "
                "Make the layer's inputs as many as the map has, or the test inputs of the shape that it was trained on."
            )
        self.put(node, operation, where)
        offset = np.zeros(operation.channels, np.float32) if bias is None else bias
        self.numbers.append(LayerNumbers(np.ascontiguousarray(weights, np.float32), offset.astype(np.float32)))
        return True

    def module(self, node: fx.Node, found: nn.Module, where: str) -> bool:
        """A module; whether it is supported."""
        source = self.source(node)
        if isinstance(found, SAME):
            self.places[node] = source
        elif type(found) in self.own:
            require_declared(self.own[type(found)], found, where)
            return self.activation(node, source, self.own[type(found)], where)
        elif type(found) in ACTIVATIONS:
            name, parameters = ACTIVATIONS[type(found)]
            for parameter, expected in parameters.items():
                if getattr(found, parameter) != expected:
                    value = getattr(found, parameter)
                    raise BadTarget(f"{where}: {parameter} = {value!r}; {expected!r} alone was expected. Train with that setting.")
            return self.activation(node, source, name, where)
        elif isinstance(found, nn.Flatten) and (found.start_dim, found.end_dim) == (1, -1):
            return self.put(node, Flatten(source), where)
        elif isinstance(found, nn.Linear):
            if self.shapes[source][1:] != (1, 1):
                raise BadTarget(f"{where}: it reads a map of shape {self.shapes[source]}; flatten it first.")
            return self.affine(node, Affine(source, found.out_features), _array(found.weight)[:, :, None, None], _maybe(found.bias), where)
        elif type(found) is nn.Conv2d:
            if found.padding_mode != "zeros" or pair(found.dilation) != (1, 1) or isinstance(found.padding, str):
                raise BadTarget(
                    f"{where}: padding {found.padding_mode} {found.padding!r}, dilation {found.dilation}; zeros, numbers, 1 were expected."
                )
            kernel, stride, padding = (pair(value) for value in (found.kernel_size, found.stride, found.padding))
            operation = Affine(source, found.out_channels, kernel, stride, padding, found.groups)
            return self.affine(node, operation, _array(found.weight), _maybe(found.bias), where)
        elif isinstance(found, nn.BatchNorm1d | nn.BatchNorm2d):
            return self.normalised(node, found, where)
        elif isinstance(found, nn.MaxPool2d):
            if pair(found.dilation) != (1, 1) or found.ceil_mode or found.return_indices:
                return False
            return self.put(node, MaxPool(source, *(pair(v) for v in (found.kernel_size, found.stride, found.padding))), where)  # pyright: ignore[reportArgumentType]
        elif isinstance(found, nn.AvgPool2d):
            if found.ceil_mode or pair(found.padding) != (0, 0) or found.divisor_override is not None:
                return False
            return self.put(node, AveragePool(source, pair(found.kernel_size), pair(found.stride)), where)
        elif isinstance(found, nn.AdaptiveAvgPool2d) and pair(found.output_size) == (1, 1):
            return self.put(node, AveragePool(source, self.shapes[source][1:], (1, 1)), where)
        else:
            return False
        return True

    def activation(self, node: fx.Node, source: int, name: str, where: str) -> bool:
        """The network's activation; raises `BadTarget` for a second one."""
        if self.nonlinearity not in ("", name):
            both = f"{pointwise(self.nonlinearity).name} and {pointwise(name).name}"
            raise BadTarget(f"{where}: the network has the activations {both}; one for all its layers was expected.")
        self.nonlinearity = name
        return self.put(node, Activation(source), where)

    def normalised(self, node: fx.Node, found: nn.BatchNorm1d | nn.BatchNorm2d, where: str) -> bool:
        """Batch normalisation: folded into the affine layer that it alone reads, else a 1×1 convolution with a group for each channel."""
        if found.running_mean is None or found.running_var is None:
            raise BadTarget(
                f"{where}: it has no running statistics; in evaluation mode it is no fixed affine map. Train it with track_running_stats."
            )
        variances = _array(found.running_var).astype(np.float64) + found.eps
        if not (variances > 0).all():
            worst = int(np.argmin(np.where(np.isnan(variances), -np.inf, variances)))
            raise BadTarget(
                f"{where}: running_var + eps of channel {worst} is {variances[worst]}; a positive number was expected. Train it again."
            )
        factor = 1 / np.sqrt(variances)
        factor = factor if found.weight is None else factor * _array(found.weight)
        shift = -_array(found.running_mean) * factor + (0 if found.bias is None else _array(found.bias))
        argument = node.args[0]
        source = self.source(node)
        last = self.operations[-1] if self.operations else None
        if source == len(self.operations) and isinstance(last, Affine) and isinstance(argument, fx.Node) and len(argument.users) == 1:
            numbers = self.numbers[-1]
            weights = (numbers.weights * factor[:, None, None, None]).astype(np.float32)
            self.numbers[-1] = LayerNumbers(weights, (numbers.bias * factor + shift).astype(np.float32))
            self.places[node] = source
            return True
        n = len(factor)
        return self.affine(node, Affine(source, n, groups=n), factor[:, None, None, None].astype(np.float32), shift, where)

    def function(self, node: fx.Node, kind: str, where: str) -> bool:
        """A function or method; whether it is supported."""
        if kind == "add":
            return bool(node.kwargs.get("alpha", 1) == 1) and self.put(node, Add(self.source(node), self.source(node, 1)), where)
        if kind in ("contiguous", "dropout"):
            self.places[node] = self.source(node)
            return True
        if kind == "size":
            sizes = ("batch", *self.shapes[self.source(node)])
            self.sizes[node] = sizes[int(node.args[1])] if len(node.args) > 1 else sizes  # pyright: ignore[reportArgumentType]
            return True
        if kind == "getitem" and node.args[0] in self.sizes:
            self.sizes[node] = self.sizes[node.args[0]][node.args[1]]
            return True
        if kind in POINTWISE.values():
            if len(node.args) > 1 or set(node.kwargs) - {"inplace", "approximate", "beta", "threshold", "alpha", "negative_slope"}:
                return False
            usual = {"approximate": "none", "beta": 1, "threshold": 20, "alpha": 1.0, "negative_slope": 0.01}
            if any(node.kwargs[name] != value for name, value in usual.items() if name in node.kwargs):
                return False
            return self.activation(node, self.source(node), kind, where)
        if kind == "mean":
            dims, keep = parameters_of(node, (None, False), "dim", "keepdim")
            if not isinstance(dims, tuple | list) or sorted(d % 4 for d in dims) != [2, 3] or len(self.shapes[self.source(node)]) != 3:
                return False
            self.put(node, AveragePool(self.source(node), self.shapes[self.source(node)][1:], (1, 1)), where)
            return bool(keep) or self.put(node, Flatten(len(self.operations)), where)
        if kind == "flatten":
            return bool(parameters_of(node, (0, -1), "start_dim", "end_dim") == (1, -1)) and self.put(
                node, Flatten(self.source(node)), where
            )
        if kind in ("view", "reshape"):
            return len(node.args) == 3 and bool(node.args[2] == -1) and self.put(node, Flatten(self.source(node)), where)
        if kind in ("max_pool2d", "avg_pool2d"):
            read = parameters_of(node, (None, None, 0), "kernel_size", "stride", "padding")
            kernel, stride, padding = (self.sizes.get(value, value) if isinstance(value, fx.Node) else value for value in read)
            usual = {"dilation": 1, "ceil_mode": False, "return_indices": False, "count_include_pad": True, "divisor_override": None}
            others = {name: value for name, value in node.kwargs.items() if name not in ("kernel_size", "stride", "padding")}
            if any(usual.get(name, value is None) != value for name, value in others.items()) or len(node.args) > 4 or kernel is None:
                return False
            pairs = (pair(kernel), pair(kernel if stride is None else stride))
            if kind == "max_pool2d":
                return self.put(node, MaxPool(self.source(node), *pairs, pair(padding)), where)
            return pair(padding) == (0, 0) and self.put(node, AveragePool(self.source(node), *pairs), where)
        if kind == "adaptive_avg_pool2d" and pair(parameters_of(node, (None,), "output_size")[0]) == (1, 1):
            return self.put(node, AveragePool(self.source(node), self.shapes[self.source(node)][1:], (1, 1)), where)
        return False


def _array(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().cpu().numpy()


def _maybe(tensor: torch.Tensor | None) -> np.ndarray | None:
    return None if tensor is None else _array(tensor)
