"""The GPU path of the objectives other than the residual alone, in PyTorch: fewest samples, least Σ|x|, a fixed number.

The sums of the first half are sorted, with their costs; for each sum of the other half, those that fit within the
tolerance are one range of the sorted list, and a table of minima over ranges of length 2^k gives the cheapest.
"""

from typing import Any


def cheapest_within(samples: Any, targets: Any, tolerance: int, count: bool) -> Any:
    """Return int64 [R, T]: the smallest of the cheapest masks within `tolerance` of each target, -1 where there is none.

    samples int64 [R, n], targets int64 [R, T]; the cost is the number of samples if `count`, else Σ|x|.
    """
    import torch

    from .torch_ops import needs, subset_sums

    half = samples.shape[1] // 2
    prices = torch.ones_like(samples) if count else samples.abs()
    ordered, order = subset_sums(samples[:, :half]).sort(dim=1, stable=True)
    costs = subset_sums(prices[:, :half])
    # An entry's rank orders by cost, then by mask: stable sorting keeps equal costs in the order of their masks.
    by_rank = costs.sort(dim=1, stable=True).indices
    ranks = torch.empty_like(by_rank).scatter_(1, by_rank, torch.arange(by_rank.shape[1], device=samples.device).expand_as(by_rank))
    minima = range_minima(ranks.gather(1, order))
    need = needs(samples, targets, half)
    low = torch.searchsorted(ordered, (need - tolerance).flatten(1)).view_as(need)
    high = torch.searchsorted(ordered, (need + tolerance).flatten(1), right=True).view_as(need)
    fits = high > low
    level = torch.zeros_like(low)
    for k in range(1, len(minima)):
        level += high - low >= 2**k
    flat = torch.stack(minima, 1).flatten(1)
    size = ordered.shape[1]
    start = (level * size + low).clamp(max=flat.shape[1] - 1)
    end = (level * size + high - (1 << level)).clamp(min=0)
    rank = torch.minimum(flat.gather(1, start.flatten(1)), flat.gather(1, end.flatten(1)))
    mask = by_rank.gather(1, rank).view_as(need)
    total = costs.gather(1, mask.flatten(1)).view_as(need) + subset_sums(prices[:, half:])[:, None, :]
    total = total.where(fits, torch.iinfo(torch.int64).max)
    b = (total == total.amin(2, keepdim=True)).to(torch.uint8).argmax(2)
    chosen = mask.gather(2, b[..., None])[..., 0] | (b << half)
    return chosen.where(fits.any(2), -1)


def range_minima(values: Any) -> list[Any]:
    """Return, for each k, int64 [R, L]: entry i the least of values[:, i : i + 2^k], where these are all inside."""
    minima = [values]
    width = 1
    while 2 * width <= values.shape[1]:
        last = minima[-1]
        following = last.clone()
        following[:, :-width] = last[:, :-width].minimum(last[:, width:])
        minima.append(following)
        width *= 2
    return minima


def nearest_of_size(samples: Any, targets: Any, size: int) -> Any:
    """Return int64 [R, T]: the smallest optimal mask of exactly `size` samples for each target."""
    import torch

    from .torch_ops import nearest_pairs, subset_sums

    n = samples.shape[1]
    half = n // 2
    first, second = subset_sums(samples[:, :half]), subset_sums(samples[:, half:])
    counts = [subset_sums(torch.ones((1, bits), dtype=torch.int64, device=samples.device))[0] for bits in (half, n - half)]
    best = mask = None
    for g in range(max(0, size - (n - half)), min(half, size) + 1):
        left, right = (counts[0] == g).nonzero()[:, 0], (counts[1] == size - g).nonzero()[:, 0]
        residual, a, b = nearest_pairs(first[:, left], targets[:, :, None] - second[:, right][:, None, :])
        found = left[a] | (right[b] << half)
        if best is None or mask is None:
            best, mask = residual, found
        else:
            better = (residual < best) | ((residual == best) & (found < mask))
            best, mask = residual.where(better, best), found.where(better, mask)
    return mask
