"""Errors of the subset-sum engine: each says what is wrong, the value, what was expected, where, and what to do."""

from theory.errors import BadInput


class SubsetSumError(BadInput):
    """The input of a subset-sum problem is wrong; base class of the others."""


class WrongArray(SubsetSumError):
    """An array has the wrong type or shape."""


class TooManySamples(SubsetSumError):
    """An instance has more samples than the objective can be solved for."""


class ExactRangeExceeded(SubsetSumError):
    """Sums could leave the range in which 64-bit integers are exact."""


class WrongObjective(SubsetSumError):
    """The objective is unknown, or its tolerance or size is missing, superfluous or out of range."""


class DeviceUnavailable(SubsetSumError):
    """The device cannot run the engine."""
