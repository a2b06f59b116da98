"""Second tries for subset sums that the first channels of a sign leave too far from their targets; no weight is drawn again.

`mask` `[N, T]` is changed in place; `products` `[channels, T]` are those of the channels numbered `channels`; a sum uses at most `most`.
"""

import numpy as np

from numerics.subset_sum import solve_subset_sums


def seek_among_both_signs(
    mask: np.ndarray,
    channels: np.ndarray,
    products: np.ndarray,
    goal: np.ndarray,
    residuals: np.ndarray,
    late: np.ndarray,
    most: int,
    near: int,
    device: str,
) -> None:
    """Seek the sums of the columns `late` among the first positive and the first negative products, in place, where that is nearer."""
    if len(channels) <= most or not len(late):
        return
    chosen = np.zeros((len(late), len(channels)), dtype=bool)
    picks, remainders = [], []
    for row, column in enumerate(late):
        product, left = products[:, column], goal[column]
        signed = [np.flatnonzero(product > 0), np.flatnonzero(product < 0)]
        order = np.concatenate([part[: most // 2] for part in signed] + [part[most // 2 :] for part in signed])
        for j in order[most:]:
            if abs(left) > near and np.sign(product[j]) == np.sign(left) and abs(product[j]) <= abs(left):
                chosen[row, j] = True
                left = left - product[j]
        picks.append(order[:most])
        remainders.append(left)
    rows = np.array(picks)
    samples = np.ascontiguousarray(products.T[late[:, None], rows])
    subsets = solve_subset_sums(samples, np.array(remainders), objective="best", device=device, threads=1)
    np.put_along_axis(chosen, rows, subsets.masks, axis=1)
    nearer = np.abs(subsets.residuals) < np.abs(residuals[late])
    mask[np.ix_(channels, late[nearer])] = chosen[nearer].T


def seek_exact_among_others(
    mask: np.ndarray,
    channels: np.ndarray,
    products: np.ndarray,
    wanted: np.ndarray,
    missed: np.ndarray,
    most: int,
    objective: str,
    device: str,
) -> None:
    """Where the first `samples` channels of a sign hold no exact sum, take one from the next ones, in order, in place.

    An odd target needs an odd product, and three products in four are even: some coefficients find none among two dozen.
    """
    starts = range(most, len(channels), most)
    for start in (min(start, len(channels) - most) for start in starts):
        places = np.flatnonzero(missed)
        if not len(places):
            return
        window = slice(start, start + most)
        samples = np.ascontiguousarray(products[window, places].T)
        subsets = solve_subset_sums(samples, wanted[places], objective=objective, tolerance=0, device=device, threads=1)
        hit = subsets.residuals == 0
        mask[np.ix_(channels, places[hit])] = False
        mask[np.ix_(channels[window], places[hit])] = subsets.masks[hit].T
        missed[places[hit]] = False
