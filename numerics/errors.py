"""What can be wrong with a target, a ticket or a build."""

from theory.errors import BadFile, BadInput, CompanionError


class BadTarget(BadInput):
    """A target network that cannot be approximated: wrong shapes, NaN, infinities."""


class BadTicket(BadInput):
    """A ticket file that is missing, damaged, or not a ticket."""


class BadData(BadFile):
    """A file of a data set that is missing, truncated, or not what its format says."""


class NoScheduler(BadInput):
    """No cluster answers at the address given."""


class WorkersLost(CompanionError):
    """Workers died while blocks were solved; what was finished is kept."""


class NoSubset(CompanionError):
    """An outcome, not a mistake: the random network of this key holds no ticket of the wanted accuracy at this width."""

    exit_code = 1
