"""How far steerable kernels on a pixel grid are from equivariance under the turns that the grid does not have.

    python -m benchmarks.grid_error [--out DIR]

Digits of scikit-learn, 8 × 8, are enlarged to 24 × 24 by replication, smoothed by a Gaussian of one pixel, and set in a frame of 48 × 48.
A layer L is compared with itself on turned images: the error is ‖T L(x) - L(T x)‖ / ‖L(x)‖ over the pixels within 14 of the centre, T the
turn with bilinear interpolation (of order 1), which also permutes the values of the fibre. That number contains the error of turning itself:
the floor is that of turning twice by half the angle against turning once, ‖T T x - T² x‖ / ‖x‖. Layers from the image to 8 values a pixel:

  steerable   random combinations of the C_8-steerable kernels of `numerics.steerable`
  quarter     random kernels that only the four quarter turns carry into each other
"""

import json
from pathlib import Path
from typing import Annotated

import numpy as np
import scipy.ndimage
import tyro
from sklearn.datasets import load_digits

from numerics.layer import LayerShape
from numerics.steerable import SteerablePlane, steerable_layer

IMAGES, DRAWS, FRAME, RADIUS = 20, 10, 48, 14


def enlarged(images: np.ndarray) -> np.ndarray:
    """Digits `[N, 64]` as smooth images `[N, FRAME, FRAME]`."""
    large = np.kron(images.reshape(-1, 8, 8), np.ones((1, 3, 3)))
    margin = (FRAME - large.shape[1]) // 2
    framed = np.pad(large, ((0, 0), (margin, margin), (margin, margin)))
    return scipy.ndimage.gaussian_filter(framed, (0, 1, 1))


def turned(signal: np.ndarray, degrees: float) -> np.ndarray:
    """A signal `[..., FRAME, FRAME]` turned counterclockwise, bilinear; multiples of 90 degrees exactly."""
    if degrees % 90 == 0:
        return np.rot90(signal, round(degrees / 90), axes=(-2, -1))
    return scipy.ndimage.rotate(signal, degrees, axes=(-1, -2), reshape=False, order=1)


def kernels(layer: LayerShape, plane: SteerablePlane, coefficients: np.ndarray) -> np.ndarray:
    """The filters `[8, 5, 5]` that a combination of the layer's operators applies at the middle pixel."""
    matrix = layer.matrix(coefficients[None, None, :])
    middle = (plane.side // 2) * plane.side + plane.side // 2
    return np.array([matrix[middle * plane.fibre + g].reshape(plane.side, plane.side) for g in range(plane.fibre)])


def filtered(filters: np.ndarray, image: np.ndarray) -> np.ndarray:
    """The fields `[8, FRAME, FRAME]` of an image."""
    return np.array([scipy.ndimage.correlate(image, part, mode="constant") for part in filters])


def measure() -> dict[str, object]:
    """Medians and largest relative errors over the images and draws, for each kind of layer and angle."""
    plane = SteerablePlane(5, 8)
    domain, codomain = plane.space(False, 1), plane.space(True, 1)
    steerable = steerable_layer(plane, domain, codomain)
    quarter = LayerShape(domain, codomain, steerable.support, steerable.first_support)
    digits, _ = load_digits(return_X_y=True)
    images = enlarged(np.asarray(digits)[:IMAGES] / 16.0)
    rows, columns = np.indices((FRAME, FRAME)) - (FRAME - 1) / 2
    inside = rows**2 + columns**2 <= RADIUS**2
    generator = np.random.default_rng(0)
    found: dict[str, object] = {"images": IMAGES, "draws": DRAWS}
    for name, layer in (("steerable", steerable), ("quarter", quarter)):
        for step in (1, 2):
            errors = []
            for _ in range(DRAWS):
                filters = kernels(layer, plane, generator.standard_normal(layer.coefficient_shape[2]))
                for image in images:
                    before = np.roll(turned(filtered(filters, image), 45 * step), step, axis=0)
                    after = filtered(filters, turned(image, 45 * step))
                    errors.append(np.linalg.norm((before - after)[:, inside]) / np.linalg.norm(before[:, inside]))
            found[f"{name}, {45 * step} degrees"] = {"median": float(np.median(errors)), "largest": float(np.max(errors))}
    floors = [np.linalg.norm((turned(turned(x, 45), 45) - turned(x, 90))[inside]) / np.linalg.norm(x[inside]) for x in images]
    found["floor: two turns by 45 degrees against one by 90"] = {"median": float(np.median(floors)), "largest": float(np.max(floors))}
    return found


def main(out: Annotated[Path, tyro.conf.arg(help="Where the JSON file goes.")] = Path("out/bench")) -> None:
    """Measure, print, store."""
    found = measure()
    for name, value in found.items():
        print(f"{name:55} {value}")
    out.mkdir(parents=True, exist_ok=True)
    path = out / "grid_error.json"
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="ascii")
    print(f"wrote {path}")


if __name__ == "__main__":
    tyro.cli(main)
