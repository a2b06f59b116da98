"""Local data sets are read as they are written, and every way to break a file is named where it is broken."""

import gzip
import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import networkx
import numpy as np
import pytest

from numerics.datasets.graphs import read_graphs
from numerics.datasets.images import averaged, read_amat, read_idx, read_images
from numerics.errors import BadData
from tests.data_sets import graph_folder, random_graphs, random_images, write_amat, write_idx
from theory.errors import BadFile, OutOfRange


def test_an_amat_file_gives_back_every_number_written(tmp_path: Path) -> None:
    pixels, labels = random_images(5, 28)
    path = write_amat(tmp_path / "images.amat", pixels, labels)
    assert len(path.read_text().splitlines()[0].split()) == 785
    images = read_images(path)
    np.testing.assert_array_equal(images.pixels, pixels)
    np.testing.assert_array_equal(images.labels, labels)
    first = read_images(path, limit=2)
    np.testing.assert_array_equal(first.pixels, pixels[:2])
    assert len(first) == 2
    packed = tmp_path / "images.amat.gz"
    packed.write_bytes(gzip.compress(path.read_bytes() + b"\n\n"))
    np.testing.assert_array_equal(read_images(packed).pixels, pixels)


def test_idx_files_give_back_every_byte_written(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (4, 3, 5)).astype(np.uint8)
    labels = np.array([9, 0, 3, 7])
    for packed in (False, True):
        path = write_idx(tmp_path / f"t10k-images-idx3-ubyte{'.gz' * packed}", pixels, labels)
        images = read_images(path)
        np.testing.assert_array_equal(np.rint(images.pixels * 255), pixels)
        np.testing.assert_array_equal(images.pixels, pixels / 255)
        np.testing.assert_array_equal(images.labels, labels)
        np.testing.assert_array_equal(read_images(path, limit=3).labels, labels[:3])
    moved = (tmp_path / "t10k-labels-idx1-ubyte").rename(tmp_path / "elsewhere")
    with pytest.raises(BadData, match="t10k-labels-idx1-ubyte is no file"):
        read_images(tmp_path / "t10k-images-idx3-ubyte")
    np.testing.assert_array_equal(read_images(tmp_path / "t10k-images-idx3-ubyte", labels=moved).labels, labels)
    nameless = (tmp_path / "t10k-images-idx3-ubyte").rename(tmp_path / "digits")
    with pytest.raises(BadData, match='its name lacks "images"'):
        read_images(nameless)


def replaced(row: int, place: int, word: str) -> Callable[[list[str]], list[str]]:
    def change(lines: list[str]) -> list[str]:
        words = lines[row].split()
        words[place] = word
        return [*lines[:row], " ".join(words), *lines[row + 1 :]]

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda lines: [], r"is empty; at least one line"),
        (lambda lines: ["", *lines], r"line 1: 0 numbers; a square number of pixels and a label \(28·28 \+ 1 = 785 for MNIST\)"),
        (lambda lines: [lines[0], "", *lines[1:]], r"line 2: 0 numbers; 17, as on line 1, were expected"),
        (lambda lines: [lines[0] + " 1", *lines[1:]], r"line 1: 18 numbers; a square number of pixels"),
        (lambda lines: [*lines[:2], lines[2].rsplit(maxsplit=3)[0]], r"line 3: 14 numbers; 17, as on line 1, were expected"),
        (replaced(1, 4, "0.5x"), r"line 2, number 5: '0.5x' is no finite number"),
        (replaced(1, 4, "nan"), r"line 2, number 5: 'nan' is no finite number"),
        (replaced(1, 4, "-inf"), r"line 2, number 5: '-inf' is no finite number"),
        (replaced(1, 4, "0_1"), r"line 2, number 5: '0_1' is no finite number"),
        (replaced(0, 0, "x" * 90), r"line 1, number 1: 'x{40}\.\.\.' is no finite number"),
        (replaced(0, 0, "½"), r"line 1, number 1: '\\\\xc2\\\\xbd' is no finite number"),
        (replaced(2, 15, "1.0000001"), r"line 3, pixel 16: '1.0000001'; a pixel from 0 to 1 was expected"),
        (replaced(2, 3, "-1e-9"), r"line 3, pixel 4: '-1e-9'; a pixel from 0 to 1 was expected.*give pixel_range="),
        (replaced(1, 16, "10"), r"line 2: the label '10'; an integer from 0 to 9"),
        (replaced(1, 16, "-1"), r"line 2: the label '-1'; an integer from 0 to 9"),
        (replaced(1, 16, "2.5"), r"line 2: the label '2.5'; an integer from 0 to 9.*classes="),
    ],
)  # fmt: skip
def test_a_broken_amat_file_is_refused_with_its_line(change: Callable[[list[str]], list[str]], message: str, tmp_path: Path) -> None:
    path = write_amat(tmp_path / "images.amat", *random_images(3, 4))
    assert len(read_amat(path)) == 3
    path.write_text("\n".join(change(path.read_text().splitlines())), encoding="utf-8")
    with pytest.raises(BadFile, match=message) as refused:
        read_images(path)
    assert str(path) in str(refused.value)


def test_a_wider_range_of_pixels_and_more_classes_can_be_declared(tmp_path: Path) -> None:
    path = write_amat(tmp_path / "images.amat", np.full((1, 2, 2), -0.5), np.array([11]))
    assert read_images(path, pixel_range=(-1.0, 1.0), classes=12).labels.tolist() == [11]
    with pytest.raises(OutOfRange, match="limit = 0"):
        read_images(path, limit=0)


IMAGES, LABELS = "images-idx3-ubyte", "labels-idx1-ubyte"


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        (IMAGES, lambda found: found[:11], "ends at byte 11; a header of 16 bytes"),
        (IMAGES, lambda found: b"\0\0\x0d\x03" + found[4:], "byte 0: the magic number 0x00000d03; 0x00000803 was expected"),
        (IMAGES, lambda found: found[:-1], r"ends at byte 63; its header, sizes \[3, 4, 4\], says 64. The file is cut short"),
        (IMAGES, lambda found: found + b"\0", "ends at byte 65; .*Something follows the data"),
        (IMAGES, lambda found: found[:4] + b"\xff" * 4 + found[8:], r"sizes \[4294967295, 4, 4\], says"),
        (IMAGES, lambda found: found[:4] + bytes(4) + found[8:16], r"byte 4: the sizes \[0, 4, 4\]; positive ones"),
        (IMAGES, lambda found: found[:4] + struct.pack(">I", 2) + found[8:48], "holds 2 images, .* 3 labels; equally many"),
        (IMAGES, lambda found: gzip.compress(found)[:-9], "cannot be read: EOFError.*a whole file was expected"),
        (IMAGES, lambda found: gzip.compress(found)[:-8] + bytes(8), "cannot be read: BadGzipFile"),
        (LABELS, lambda found: found[:-1] + b"\x0a", "byte 10: the label 10; one from 0 to 9"),
        (LABELS, lambda found: b"\0\0\x08\x03" + found[4:], "byte 0: the magic number 0x00000803; 0x00000801 was expected"),
        (LABELS, lambda found: b"", "ends at byte 0; a header of 8 bytes"),
    ],
)  # fmt: skip
def test_a_broken_idx_file_is_refused_with_its_byte(name: str, change: Callable[[bytes], bytes], message: str, tmp_path: Path) -> None:
    write_idx(tmp_path / IMAGES, np.ones((3, 4, 4), np.uint8), np.array([1, 2, 3]))
    assert len(read_idx(tmp_path / IMAGES, tmp_path / LABELS)) == 3
    path = tmp_path / name
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(BadFile, match=message) as refused:
        read_images(tmp_path / IMAGES)
    assert str(path) in str(refused.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing", tmp_path):
        with pytest.raises(BadData, match=r"is no file \(looked in .*Nothing is downloaded"):
            read_images(path)


def test_averages_are_exact_and_commute_with_turns_and_reflections() -> None:
    pixels, _ = random_images(3, 28)
    for side in (14, 8, 7, 28, 10, 1):
        small = averaged(pixels, side)
        assert small.shape == (3, side, side)
        np.testing.assert_array_equal(averaged(np.rot90(pixels, axes=(1, 2)), side), np.rot90(small, axes=(1, 2)))
        np.testing.assert_array_equal(averaged(pixels[:, ::-1], side), small[:, ::-1])
    exact = sum(Fraction(float(value)) for value in pixels[1, 2:4, 26:28].ravel()) / 4
    assert abs(Fraction(float(averaged(pixels, 14)[1, 1, 13])) - exact) <= Fraction(1, 2**32)
    corner = sum(Fraction(float(value)) for value in pixels[1, :2, :2].ravel()) / 16
    assert abs(Fraction(float(averaged(pixels, 8)[1, 0, 0])) - corner) <= Fraction(1, 2**32)


def test_plain_sums_of_blocks_do_not_commute_with_turns() -> None:
    """Why pixels are rounded first: the last bits of a floating-point sum depend on the order."""
    pixels = 10.0 ** np.random.default_rng(0).uniform(-8, 0, (20, 8, 8))

    def plain(images: np.ndarray) -> np.ndarray:
        total = np.zeros((len(images), 2, 2))
        for i in range(16):
            total += images[:, i // 4 :: 4, i % 4 :: 4]
        return total / 16

    assert (plain(np.rot90(pixels, axes=(1, 2))) != np.rot90(plain(pixels), axes=(1, 2))).any()
    np.testing.assert_array_equal(averaged(np.rot90(pixels, axes=(1, 2)), 2), np.rot90(averaged(pixels, 2), axes=(1, 2)))


@pytest.mark.parametrize(("n", "side"), [(28, 0), (28, 29), (27, 8)])
def test_sides_that_fit_no_equal_blocks_are_refused(n: int, side: int) -> None:
    with pytest.raises(OutOfRange, match=f"side = {side} for images of {n} × {n}"):
        averaged(np.zeros((1, n, n)), side)
    with pytest.raises(OutOfRange, match="Scale the images"):
        averaged(np.full((1, 2, 2), 2000.0), 1)


def test_a_graph_folder_gives_back_graphs_labels_and_attributes(tmp_path: Path) -> None:
    graphs, marks = random_graphs(12)
    folder = graph_folder(tmp_path / "SMALL", graphs, marks, labelled=True, attributes=2)
    data = read_graphs(folder)
    assert (data.name, len(data), data.classes) == ("SMALL", 12, (-1, 1))
    assert [data.classes[i] for i in data.labels] == marks
    for i, graph in enumerate(graphs):
        assert list(data.graphs[i]) == list(range(len(graph)))
        assert {frozenset(edge) for edge in data.graphs[i].edges} == {frozenset(edge) for edge in graph.edges}
        assert data.node_labels[i][:, 0].tolist() == [graph.nodes[v]["label"] for v in graph]
        np.testing.assert_array_equal(data.attributes[i], [graph.nodes[v]["attributes"] for v in graph])
    hot = data.one_hot()
    values = np.unique(np.concatenate(data.node_labels))
    for found, rows in zip(hot, data.node_labels, strict=True):
        np.testing.assert_array_equal(values[found.argmax(axis=0)], rows[:, 0])
        assert (found.sum(axis=0) == 1).all()
    bare = read_graphs(graph_folder(tmp_path / "BARE", graphs, marks, labelled=False, attributes=0))
    assert {rows.shape[1] for rows in (*bare.node_labels, *bare.attributes)} == {0}
    degrees = bare.degrees(3)
    assert [column.tolist().index(1.0) for column in degrees[0].T] == [min(3, graphs[0].degree(v)) for v in graphs[0]]


def test_edges_listed_once_or_twice_give_the_same_graphs(tmp_path: Path) -> None:
    folder = graph_folder(tmp_path / "TWICE", *random_graphs(4))
    before = read_graphs(folder).graphs
    path = folder / "TWICE_A.txt"
    once = [line for line in path.read_text().splitlines() if int(line.split(",")[0]) <= int(line.split(",")[1])]
    path.write_text("\n".join(once))
    assert all(networkx.utils.graphs_equal(a, b) for a, b in zip(before, read_graphs(folder).graphs, strict=True))


def edited(line: int, text: str | None) -> Callable[[list[str]], list[str]]:
    return lambda lines: [*lines[:line], *([] if text is None else [text]), *lines[line + 1 :]]


@pytest.mark.parametrize(
    ("part", "change", "message"),
    [
        ("A", edited(1, "1, 99"), "line 2: vertex 99; a number from 1 to 12"),
        ("A", edited(0, "0, 1"), "line 1: vertex 0; a number from 1 to 12"),
        ("A", edited(2, "1, 12"), "line 3: the edge 1, 12 joins graphs 1 and 3; both ends in one graph"),
        ("A", edited(0, "1 2"), "line 1: a row of length 1; 2 comma-separated numbers were expected"),
        ("A", edited(0, "1, 2.5"), "line 1: '2.5' is no integer"),
        ("A", edited(0, "1, " + "9" * 19), "line 1: '9{19}' is no integer; one of at most 18 digits"),
        ("A", edited(0, "1, -+2"), r"line 1: '-\+2' is no integer"),
        ("A", lambda lines: [], "is empty"),
        ("graph_indicator", edited(0, "2"), "line 1: graph 2 after graph 0; 1 was expected"),
        ("graph_indicator", edited(5, "3"), "line 7: graph 2 after graph 3; 3 or 4 was expected"),
        ("graph_indicator", edited(11, "5"), "line 12: graph 5 after graph 3; 3 or 4 was expected"),
        ("graph_indicator", edited(3, ""), "line 4: '' is no integer"),
        ("graph_labels", edited(2, None), "2 lines; one for each of the 3 graphs of .*GRAPHS_graph_indicator.txt was expected"),
        ("graph_labels", edited(2, "one"), "line 3: 'one' is no integer"),
        ("graph_labels", edited(2, "1, 1"), "line 3: a row of length 2; 1 comma-sep"),
        ("node_labels", edited(11, None), "11 lines; one for each of the 12 vertices"),
        ("node_labels", edited(4, "x"), "line 5: 'x' is no integer"),
        ("node_attributes", edited(4, "0.5"), "line 5: a row of length 1; 2 comma-sep"),
        ("node_attributes", edited(4, "0.5, inf"), "line 5: 'inf' is no finite number"),
        ("node_attributes", edited(4, "0.5, "), "line 5: '' is no finite number"),
        ("node_attributes", lambda lines: [*lines, lines[0]], "13 lines; one for each of the 12 vertices"),
    ],
)  # fmt: skip
def test_a_broken_graph_folder_is_refused_with_its_line(
    part: str, change: Callable[[list[str]], list[str]], message: str, tmp_path: Path
) -> None:
    graphs = [networkx.path_graph(4) for _ in range(3)]
    folder = graph_folder(tmp_path / "GRAPHS", graphs, [0, 1, 0], labelled=True, attributes=2)
    assert len(read_graphs(folder)) == 3
    path = folder / f"GRAPHS_{part}.txt"
    path.write_text("\n".join(change(path.read_text().splitlines())))
    with pytest.raises(BadFile, match=message) as refused:
        read_graphs(folder)
    assert str(path) in str(refused.value)


@pytest.mark.parametrize("part", ["graph_indicator", "graph_labels"])
def test_a_missing_file_of_a_graph_folder_is_refused(part: str, tmp_path: Path) -> None:
    folder = graph_folder(tmp_path / "GRAPHS", *random_graphs(3))
    (folder / f"GRAPHS_{part}.txt").unlink()
    with pytest.raises(BadData, match=f"GRAPHS_{part}.txt is no file"):
        read_graphs(folder)


def test_a_folder_of_no_data_set_or_of_two_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="is no folder"):
        read_graphs(tmp_path / "nothing")
    with pytest.raises(BadData, match=r"holds no file DS_A.txt; exactly one"):
        read_graphs(tmp_path)
    for name in ("ONE", "TWO"):
        graph_folder(tmp_path / name, *random_graphs(3))
        for path in (tmp_path / name).iterdir():
            path.rename(tmp_path / path.name)
    with pytest.raises(BadData, match=r"holds \['ONE_A.txt', 'TWO_A.txt'\]; exactly one"):
        read_graphs(tmp_path)
    assert len(read_graphs(tmp_path, "TWO")) == 3
