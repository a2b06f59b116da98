"""The GPU path: batched sorting and searching in PyTorch, on any device that PyTorch knows, with the same answers as
the CPU path.

A row's half sums are sorted once, stably, so that equal sums keep the order of their masks, and all its targets
search them.
"""

from typing import Any

import numpy as np
from jaxtyping import Int64

from .driver import Progress, SubsetSums, inexact
from .errors import DeviceUnavailable
from .limits import EXACT_BITS
from .objective import Objective

ELEMENTS = 2**24
"""Half sums and look-ups in flight; about 100 bytes of device memory each."""

PREFIXES = (12, 18, 24, 30, 36, 42, 48, 54, 60)


def solve_on_device(
    x: Int64[np.ndarray, "B n"],
    w: Int64[np.ndarray, "B T"],
    objective: Objective,
    answer: SubsetSums,
    device: str,
    progress: Progress | None,
) -> None:
    """Fill `answer` using a CUDA device; raises `DeviceUnavailable`, `ExactRangeExceeded`."""
    import torch

    kind, _, index = device.partition(":")
    if kind != "cuda" or not (index.isdigit() or index == ""):
        raise DeviceUnavailable(f'solve_subset_sums: device {device!r} is unknown; choose "cpu", "cuda" or "cuda:0".')
    if not torch.cuda.is_available() or int(index or 0) >= torch.cuda.device_count():
        raise DeviceUnavailable(
            f"solve_subset_sums: device {device!r} is not there: PyTorch {torch.__version__} finds "
            f'{torch.cuda.device_count()} CUDA devices. Use device="cpu".'
        )
    solve_with_torch(x, w, objective, answer, torch.device(device), progress)


def solve_with_torch(
    x: Int64[np.ndarray, "B n"],
    w: Int64[np.ndarray, "B T"],
    objective: Objective,
    answer: SubsetSums,
    device: Any,
    progress: Progress | None = None,
) -> None:
    """Fill `answer` using PyTorch on `device`, in blocks of bounded memory."""
    import torch

    n = x.shape[1]
    limit = 2**EXACT_BITS
    rows_bad = np.any((x <= -limit) | (x >= limit), axis=1, keepdims=True)
    bad = rows_bad | (w <= -limit) | (w >= limit)
    if bad.any():
        raise inexact(x, w, int(np.flatnonzero(bad)[0]))
    masks, residuals = answer.masks.reshape(w.size, n), answer.residuals.reshape(w.size)
    per_row = w.shape[1]
    step = max(1, ELEMENTS >> (n - n // 2 + (4 if objective.name in ("sparsest", "smallest") else 0)))
    targets = min(per_row, step)
    rows = max(1, step // max(targets, 1))
    bits = torch.arange(n, device=device)
    for row in range(0, x.shape[0], rows):
        samples = torch.from_numpy(x[row : row + rows]).to(device)
        for t in range(0, per_row, targets):
            wanted = torch.from_numpy(w[row : row + rows, t : t + targets]).to(device)
            mask = chosen_masks(samples, wanted, objective)
            chosen = ((mask[..., None] >> bits) & 1).bool()
            left = (chosen * samples[:, None, :]).sum(-1) - wanted
            for r in range(samples.shape[0]):
                place = (row + r) * per_row + t
                masks[place : place + wanted.shape[1]] = chosen[r].cpu().numpy()
                residuals[place : place + wanted.shape[1]] = left[r].cpu().numpy()
        if progress is not None:
            progress(min(row + rows, x.shape[0]) * per_row, w.size)


def chosen_masks(samples: Any, targets: Any, objective: Objective) -> Any:
    """Return masks int64 [R, T] by the objective, for samples int64 [R, n] and targets int64 [R, T]."""
    from . import torch_costs

    if objective.name in ("best", "within"):
        return smallest_masks(samples, targets, objective.tolerance)
    if objective.name == "size":
        return torch_costs.nearest_of_size(samples, targets, objective.size)
    masks = torch_costs.cheapest_within(samples, targets, objective.tolerance, objective.name == "sparsest")
    rows = (masks < 0).any(1).nonzero()[:, 0]
    if len(rows):
        masks[rows] = masks[rows].where(masks[rows] >= 0, nearest(samples[rows], targets[rows]))
    return masks


def smallest_masks(samples: Any, targets: Any, tolerance: int) -> Any:
    """Return masks int64 [R, T] for samples int64 [R, n] and targets int64 [R, T]; `tolerance` < 0 asks for the
    optimum.
    """
    import torch

    masks = torch.full_like(targets, -1)
    if tolerance >= 0:
        for length in PREFIXES:
            n = min(length, samples.shape[1])
            rows = (masks < 0).any(1).nonzero()[:, 0]
            if len(rows):
                found = first_within(samples[rows, :n], targets[rows], tolerance)
                masks[rows] = torch.where(masks[rows] < 0, found, masks[rows])
            if n == samples.shape[1]:
                break
    rows = (masks < 0).any(1).nonzero()[:, 0]
    if len(rows):
        masks[rows] = torch.where(masks[rows] < 0, nearest(samples[rows], targets[rows]), masks[rows])
    return masks


def subset_sums(samples: Any) -> Any:
    """Return int64 [R, 2^n], entry m of a row the sum of the samples in mask m."""
    import torch

    sums = torch.zeros_like(samples[:, :1]) if samples.shape[1] else samples.new_zeros((samples.shape[0], 1))
    for k in range(samples.shape[1]):
        sums = torch.cat([sums, sums + samples[:, k : k + 1]], 1)
    return sums


def needs(samples: Any, targets: Any, half: int) -> Any:
    """Return int64 [R, T, 2^(n - half)]: what the first half must contribute, for each target and each subset of the
    others.
    """
    return targets[:, :, None] - subset_sums(samples[:, half:])[:, None, :]


def first_within(samples: Any, targets: Any, tolerance: int) -> Any:
    """Return the smallest mask within `tolerance` of each target, -1 where there is none."""
    import torch

    half = samples.shape[1] // 2
    sums = subset_sums(samples[:, :half])
    ordered = sums.sort(dim=1).values
    need = needs(samples, targets, half)
    place = torch.searchsorted(ordered, (need - tolerance).flatten(1))
    nearest_above = ordered.gather(1, place.clamp(max=ordered.shape[1] - 1)).view_as(need)
    fits = (place.view_as(need) < ordered.shape[1]) & (nearest_above <= need + tolerance)
    b = fits.to(torch.uint8).argmax(2)
    chosen = need.gather(2, b[..., None])[..., 0]
    a = torch.stack([(sums - chosen[:, t, None]).abs().le(tolerance).to(torch.uint8).argmax(1) for t in range(targets.shape[1])], 1)
    return torch.where(fits.any(2), a | (b << half), -1)


def nearest(samples: Any, targets: Any) -> Any:
    """Return the smallest optimal mask for each target."""
    half = samples.shape[1] // 2
    _, a, b = nearest_pairs(subset_sums(samples[:, :half]), needs(samples, targets, half))
    return a | (b << half)


def nearest_pairs(sums: Any, need: Any) -> tuple[Any, Any, Any]:
    """Return int64 [R, T] thrice: the least |sum - need| for sums [R, A] and needs [R, T, B], and the places in A and B of
    the pair that has it with the first place in B, then the first in A.
    """
    import torch

    ordered, order = sums.sort(dim=1, stable=True)
    last = ordered.shape[1] - 1
    above = torch.searchsorted(ordered, need.flatten(1))
    below_value = ordered.gather(1, (above - 1).clamp(min=0))
    below = torch.searchsorted(ordered, below_value).view_as(need)
    above = above.clamp(max=last).view_as(need)
    over = (ordered.gather(1, above.flatten(1)).view_as(need) - need).abs()
    under = (below_value.view_as(need) - need).abs()
    best = torch.minimum(over, under).amin(2)
    hits = torch.minimum(over, under) == best[..., None]
    b = hits.to(torch.uint8).argmax(2)[..., None]
    far = ordered.shape[1]
    one = torch.where(over.gather(2, b)[..., 0] == best, order.gather(1, above.gather(2, b)[..., 0]), far)
    two = torch.where(under.gather(2, b)[..., 0] == best, order.gather(1, below.gather(2, b)[..., 0]), far)
    return best, torch.minimum(one, two), b[..., 0]
