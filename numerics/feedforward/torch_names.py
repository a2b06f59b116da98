"""The modules and functions of PyTorch that a feedforward target may use, by what they compute."""

import operator
from typing import Any

import torch
from torch import fx, nn
from torch.nn import functional

MODULES = {
    "Conv2d": "zero padding in numbers, stride, groups; no dilation",
    "Linear": "reads a flattened map",
    "BatchNorm1d, BatchNorm2d": "in evaluation mode, with running statistics; folded into the layer before it",
    "one activation": "ReLU, LeakyReLU(0.01), ELU, SELU, Tanh, Sigmoid, Softplus, GELU('none'), SiLU, Hardtanh, or torch.erf",
    "MaxPool2d": "kernel, stride, padding; no dilation, ceil_mode or indices",
    "AvgPool2d": "kernel, stride; no padding, ceil_mode or divisor",
    "AdaptiveAvgPool2d(1), x.mean((2, 3))": "the mean of each channel",
    "Flatten, x.flatten(1), x.view(n, -1), x.reshape(n, -1)": "",
    "Dropout, Dropout2d, Identity": "compute nothing in evaluation mode",
    "x + y": "sums of two maps of equal shape: skip connections",
}
"""The modules that a target may have, and with which settings; their functions in `torch` and `torch.nn.functional` likewise."""
SUPPORTED = "; ".join(f"{name} ({note})" if note else name for name, note in MODULES.items())
SAME = (nn.Dropout, nn.Dropout2d, nn.Identity)
ACTIVATIONS: dict[type[nn.Module], tuple[str, dict[str, object]]] = {
    nn.ReLU: ("relu", {}),
    nn.LeakyReLU: ("leaky_relu", {"negative_slope": 0.01}),
    nn.ELU: ("elu", {"alpha": 1.0}),
    nn.SELU: ("selu", {}),
    nn.Tanh: ("tanh", {}),
    nn.Sigmoid: ("sigmoid", {}),
    nn.Softplus: ("softplus", {"beta": 1.0, "threshold": 20.0}),
    nn.GELU: ("gelu", {"approximate": "none"}),
    nn.SiLU: ("silu", {}),
    nn.Hardtanh: ("hard_tanh", {"min_val": -1.0, "max_val": 1.0}),
}
"""What a module computes, and the parameters with which it computes it."""
POINTWISE = {
    torch.relu: "relu",
    functional.relu: "relu",
    functional.leaky_relu: "leaky_relu",
    functional.elu: "elu",
    functional.selu: "selu",
    torch.selu: "selu",
    torch.tanh: "tanh",
    functional.tanh: "tanh",
    torch.sigmoid: "sigmoid",
    functional.sigmoid: "sigmoid",
    functional.softplus: "softplus",
    functional.gelu: "gelu",
    functional.silu: "silu",
    functional.hardtanh: "hard_tanh",
    torch.erf: "erf",
}
"""Functions of the map alone; with further arguments, but `inplace`, they are refused."""
FUNCTIONS = {
    **POINTWISE,
    torch.flatten: "flatten",
    torch.mean: "mean",
    operator.add: "add",
    operator.iadd: "add",
    operator.getitem: "getitem",
    torch.add: "add",
    functional.max_pool2d: "max_pool2d",
    torch.max_pool2d: "max_pool2d",
    functional.avg_pool2d: "avg_pool2d",
    functional.adaptive_avg_pool2d: "adaptive_avg_pool2d",
    functional.dropout: "dropout",
    getattr(functional, "_max_pool2d", torch.max_pool2d): "max_pool2d",  # what the dispatching functional.max_pool2d is traced as
}


class Tracer(fx.Tracer):
    """Looks into all modules but those of PyTorch and those whose function is declared."""

    def __init__(self, declared: tuple[type[nn.Module], ...]) -> None:
        super().__init__()
        self.declared = declared

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        """Whether a module is taken as a whole."""
        return type(m) in self.declared or super().is_leaf_module(m, module_qualified_name)


def parameters_of(node: fx.Node, defaults: tuple[Any, ...], *names: str) -> tuple[Any, ...]:
    """The arguments after the first, by position or name."""
    return tuple(
        node.args[i + 1] if i + 1 < len(node.args) else node.kwargs.get(name, default)
        for i, (name, default) in enumerate(zip(names, defaults, strict=True))
    )


def pair(value: Any) -> tuple[int, int]:
    """A size, or one for both directions."""
    return (int(value[0]), int(value[1])) if isinstance(value, tuple | list) else (int(value), int(value))
