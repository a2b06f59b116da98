"""Strong lottery tickets of convolutional and residual classifiers: two random layers for each layer of the target (burkholz2022a)."""

from numerics.feedforward.certificate import FeedforwardCertificate, certify_feedforward
from numerics.feedforward.graph import FeedforwardTarget, Graph, LayerNumbers
from numerics.feedforward.operations import Activation, Add, Affine, AveragePool, Flatten, MaxPool, Operation
from numerics.feedforward.prune import prune_feedforward
from numerics.feedforward.source import FeedforwardSource, source_for
from numerics.feedforward.ticket import FeedforwardTicket

__all__ = [
    "Activation",
    "Add",
    "Affine",
    "AveragePool",
    "FeedforwardCertificate",
    "FeedforwardSource",
    "FeedforwardTarget",
    "FeedforwardTicket",
    "Flatten",
    "Graph",
    "LayerNumbers",
    "MaxPool",
    "Operation",
    "certify_feedforward",
    "prune_feedforward",
    "source_for",
]
