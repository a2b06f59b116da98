"""Published targets, read from a folder of the user's (`--published DIR`, or the variable LOTTERY_TICKETS_PUBLISHED): nothing is shipped.

The files are NumPy archives of the tensors that others published, masks included; see `FILES` for their names. Test images are not among
them: the stated inputs are scikit-learn's digits or photographs brought to the size of the network.
"""

import os
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from sklearn.datasets import load_digits, load_sample_images
from torch import nn
from torch.nn import functional

from numerics.feedforward.task import FeedforwardTask, classifier
from theory.errors import BadFile, CompanionError

VARIABLE = "LOTTERY_TICKETS_PUBLISHED"
FILES = {
    "lenet5_mnist": "cnnslth_lenet5_MNIST_target.npz",
    "lenet5_fashion": "cnnslth_lenet5_FashionMNIST_target.npz",
    "mnist_conv": "lt_existence_model.npz",
    "resnet20": "lt_existence_resnet.npz",
    "resnet20_stored": "lt_existence_resnet.npz",
}
MEAN, DEVIATION = 0.1307, 0.3081
CIFAR_MEAN, CIFAR_DEVIATION = (0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.2010)


def published(name: str, folder: Path | None = None) -> FeedforwardTask:
    """A published target by name, from the folder or the one that the variable names. Raises `BadFile`."""
    place = folder or (Path(os.environ[VARIABLE]) if VARIABLE in os.environ else None)
    if place is None:
        raise BadFile(f"{name} is read from a folder of published data: give --published DIR, or set {VARIABLE}.")
    path = place / FILES[name]
    if not path.is_file():
        raise BadFile(f"{path} is no file; the published target {name} was expected there.")
    try:
        with np.load(path, allow_pickle=False) as file:
            tensors = {key: file[key] for key in file.files}
        return BUILDERS[name](name, tensors)
    except CompanionError:
        raise
    except (KeyError, ValueError, RuntimeError, OSError) as error:
        raise BadFile(f"{path} is not the published target {name}: {type(error).__name__}: {error}") from error


def enlarged_digits(size: int, count: int) -> np.ndarray:
    """The first `count` of scikit-learn's digits, `[count, 1, size, size]` float32 in [0, 1], enlarged bilinearly."""
    images = torch.from_numpy(load_digits(return_X_y=True)[0][:count].reshape(-1, 1, 8, 8) / 16.0).float()
    return functional.interpolate(images, size=(size, size), mode="bilinear", align_corners=False).clamp(0, 1).numpy()


def _loaded(module: nn.Module, tensors: dict[str, np.ndarray]) -> nn.Module:
    """The module with its tensors, each multiplied by its mask where it has one."""
    state = {}
    for key in module.state_dict():
        values = tensors[key]
        state[key] = torch.from_numpy(values * tensors[f"{key}_mask"] if f"{key}_mask" in tensors else np.asarray(values))
    module.load_state_dict(state)
    return module


class LeNet5(nn.Module):
    """The network of dacunha2022: two 5×5 convolutions with ReLU and a maximum over 2×2, three dense layers."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5, padding=2)
        self.fc1, self.fc2, self.fc3 = nn.Linear(784, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):  # unannotated: torch.fx traces it with a stand-in for the tensor
        """`[batch, 1, 28, 28]` to `[batch, 10]`."""
        x = functional.max_pool2d(functional.relu(self.conv1(x)), 2)
        x = functional.max_pool2d(functional.relu(self.conv2(x)), 2)
        x = functional.relu(self.fc1(torch.flatten(x, 1)))
        return self.fc3(functional.relu(self.fc2(x)))


class Block(nn.Module):
    """A block of a CIFAR ResNet: two 3×3 convolutions with batch normalisation, and a shortcut."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        stride = 1 if before == after else 2
        self.conv1, self.bn1 = nn.Conv2d(before, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after)
        self.conv2, self.bn2 = nn.Conv2d(after, after, 3, 1, 1, bias=False), nn.BatchNorm2d(after)
        projection = nn.Sequential(nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after))
        self.shortcut = nn.Sequential() if stride == 1 else projection

    def forward(self, x):  # unannotated: torch.fx traces it with a stand-in for the tensor
        """`[batch, before, H, W]` to `[batch, after, H / stride, W / stride]`."""
        inner = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
        return functional.relu(inner + self.shortcut(x))


class ResNet20(nn.Module):
    """The CIFAR-10 network of 20 layers: a convolution, nine blocks of 16, 32 and 64 channels, the global mean, a dense layer."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.bn = nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16)
        self.blocks = nn.Sequential(*(Block(before, after) for before, after in pairwise(_PLAN)))
        self.fc = nn.Linear(64, 10)

    def forward(self, x):  # unannotated: torch.fx traces it with a stand-in for the tensor
        """`[batch, 3, 32, 32]` to `[batch, 10]`."""
        x = self.blocks(functional.relu(self.bn(self.conv(x))))
        return self.fc(torch.flatten(functional.adaptive_avg_pool2d(x, 1), 1))


_PLAN = (16, 16, 16, 16, 32, 32, 32, 64, 64, 64)


def _lenet5(name: str, tensors: dict[str, np.ndarray]) -> FeedforwardTask:
    inputs = enlarged_digits(28, 200)
    says = "dacunha2022: the two convolutions alone, each number apart, no network and no mask; Gurobi at n = 30 leaves 8.1e-6 (MNIST)"
    text = "LeNet5 of dacunha2022; inputs: scikit-learn's digits enlarged to 28×28"
    module = _loaded(LeNet5(), tensors)
    return classifier(name, module, inputs, None, low=Fraction(0), high=Fraction(1), description=text, published=says)


def _mnist_conv(name: str, tensors: dict[str, np.ndarray]) -> FeedforwardTask:
    module = nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(25088, 10)
    )
    inputs = ((enlarged_digits(28, 50) - MEAN) / DEVIATION).astype(np.float32)
    says = (
        "burkholz2022a/b as published: the two convolutions alone, layer errors 0.63 to 0.95 (1.12 at the border), the dense layer copied"
    )
    text = "convolutional 32-32-10 of burkholz2022a; inputs: scikit-learn's digits enlarged to 28×28, normalised"
    box = (Fraction(-425, 1000), Fraction(2822, 1000))
    return classifier(name, _loaded(module, tensors), inputs, None, low=box[0], high=box[1], description=text, published=says)


def _resnet20(name: str, tensors: dict[str, np.ndarray]) -> FeedforwardTask:
    """The network as stored, or with its batch statistics measured again on the patches.

    The stored variances are up to some fifty times smaller than those of the masked weights' maps, so that in evaluation mode the stored
    network's outputs are of size 10¹²; with statistics measured again they are of size 10².
    """
    module, inputs = _loaded(ResNet20(), tensors), image_patches()
    text = "ResNet-20 of burkholz2022b, batch statistics as stored; inputs: patches of scikit-learn's two photographs, normalised"
    if name == "resnet20":
        measure_statistics(module, inputs)
        text = "ResNet-20 of burkholz2022b, batch statistics measured on the inputs: patches of scikit-learn's two photographs, normalised"
    says = "burkholz2022b (perturbation experiment): no ticket was built, errors of stored subset sums were added to the weights"
    box = (Fraction(-5, 2), Fraction(3))
    return classifier(name, module, inputs, None, low=box[0], high=box[1], description=text, published=says)


def image_patches() -> np.ndarray:
    """70 patches of 32×32 pixels of scikit-learn's two photographs, every fourth pixel, normalised as CIFAR-10 is, `[70, 3, 32, 32]`."""
    patches = [
        image[top : top + 128 : 4, left : left + 128 : 4]
        for image in load_sample_images().images
        for top in range(0, 288, 60)
        for left in range(0, 500, 80)
    ]
    scaled = np.stack(patches).transpose(0, 3, 1, 2) / 255.0
    return ((scaled - np.reshape(CIFAR_MEAN, (1, 3, 1, 1))) / np.reshape(CIFAR_DEVIATION, (1, 3, 1, 1))).astype(np.float32)


def measure_statistics(module: nn.Module, inputs: np.ndarray) -> None:
    """Set the statistics of every batch normalisation to those of its input on these inputs."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.reset_running_stats()
            part.momentum = None
    module.train()
    with torch.no_grad():
        module(torch.from_numpy(inputs))
    module.eval()
    torch.set_num_threads(threads)


BUILDERS: dict[str, Callable[[str, dict[str, np.ndarray]], FeedforwardTask]] = {
    "lenet5_mnist": _lenet5,
    "lenet5_fashion": _lenet5,
    "mnist_conv": _mnist_conv,
    "resnet20": _resnet20,
    "resnet20_stored": _resnet20,
}
