"""A residual ReLU classifier with batch normalisation, three blocks of 8 and 16 channels, of scikit-learn's 8×8 digits."""

from pathlib import Path

from torch import nn

from numerics.feedforward.targets._modules import digits_classifier
from numerics.feedforward.task import FeedforwardTask


class Block(nn.Module):
    """ReLU(norm(conv(ReLU(norm(conv(x))))) + shortcut(x)); the shortcut is a 1×1 convolution where the shape changes."""

    def __init__(self, before: int, after: int, stride: int = 1) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(before, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU())
        self.second = nn.Sequential(nn.Conv2d(after, after, 3, 1, 1, bias=False), nn.BatchNorm2d(after))
        projected = stride != 1 or before != after
        self.shortcut = (
            nn.Sequential(nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after)) if projected else nn.Identity()
        )
        self.last = nn.ReLU()

    def forward(self, x):  # unannotated: torch.fx traces it with a stand-in for the tensor
        """`[batch, before, H, W]` to `[batch, after, H / stride, W / stride]`."""
        return self.last(self.second(self.first(x)) + self.shortcut(x))


def network() -> nn.Module:
    """A convolution, three blocks, the global mean and a dense layer."""
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1, bias=False),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        Block(8, 8),
        Block(8, 16, 2),
        Block(16, 16),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(16, 10),
    )


def build(cache: Path) -> FeedforwardTask:
    """The classifier and its test set."""
    description = "residual network of 3 blocks, 8 and 16 channels, with batch normalisation, on scikit-learn's digits"
    return digits_classifier("residual_digits", network, description, cache)
