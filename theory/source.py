"""The bibliography: what is cited, and how well its text is known."""

from dataclasses import dataclass

from theory.errors import UnknownSource


@dataclass(frozen=True)
class Paper:
    """A publication: authors, title, venue, arXiv number, and how well its text is known here."""

    authors: str
    title: str
    venue: str
    known: str


BIBLIOGRAPHY: dict[str, Paper] = {
    "ferbach2023": Paper(
        "Ferbach, Tsirigotis, Gidel, Bose",
        "A General Framework for Proving the Equivariant Strong Lottery Ticket Hypothesis",
        "ICLR 2023, arXiv 2206.04270",
        "abstract, introduction and reproducibility statement read; Theorem 1 as quoted by natale2024; the rest derived here",
    ),
    "burkholz2022a": Paper(
        "Burkholz",
        "Convolutional and Residual Networks Provably Contain Lottery Tickets",
        "ICML 2022, arXiv 2205.02343",
        "abstract read",
    ),
    "burkholz2022b": Paper(
        "Burkholz",
        "Most Activation Functions Can Win the Lottery Without Excessive Depth",
        "NeurIPS 2022, arXiv 2205.02321",
        "abstract read",
    ),
    "dacunha2022": Paper(
        "da Cunha, Natale, Viennot",
        "Proving the Strong Lottery Ticket Hypothesis for Convolutional Neural Networks",
        "ICLR 2022",
        "abstract read",
    ),
    "dacunha2023": Paper(
        "da Cunha, d'Amore, Natale",
        "Polynomially Over-Parameterized Convolutional Neural Networks Contain Structured Strong Winning Lottery Tickets",
        "NeurIPS 2023, arXiv 2311.09858",
        "abstract read",
    ),
    "pensia2020": Paper(
        "Pensia, Rajput, Nagle, Vishwakarma, Papailiopoulos",
        "Optimal Lottery Tickets via SubsetSum: Logarithmic Over-Parameterization is Sufficient",
        "NeurIPS 2020, arXiv 2006.07990",
        "statements as quoted by later papers",
    ),
    "natale2024": Paper(
        "Natale, Ferrè, Giambartolomei, Giroire, Mallmann-Trenn",
        "On the Sparsity of the Strong Lottery Ticket Hypothesis",
        "NeurIPS 2024",
        "full text read",
    ),
    "lueker1998": Paper(
        "Lueker",
        "Exponentially Small Bounds on the Expected Optimum of the Partition and Subset Sum Problems",
        "Random Structures and Algorithms 1998",
        "as quoted",
    ),
    "dacunha2022rss": Paper(
        "da Cunha, d'Amore, Giroire, Lesfari, Natale, Viennot",
        "Revisiting the Random Subset Sum Problem",
        "ESA 2023, arXiv 2204.13929",
        "abstract read; the theorem's form recalled",
    ),
    "becchetti2022": Paper(
        "Becchetti, da Cunha, Clementi, d'Amore, Lesfari, Natale, Trevisan",
        "On the Multidimensional Random Subset Sum Problem",
        "arXiv 2207.13944",
        "abstract read; the theorem recalled",
    ),
    "fischer2021": Paper(
        "Fischer, Burkholz",
        "Towards Strong Pruning for Lottery Tickets with Non-Zero Biases",
        "arXiv 2110.11150",
        "abstract read; the theorem recalled",
    ),
    "gadhikar2023": Paper(
        "Gadhikar, Mukherjee, Burkholz",
        "Why Random Pruning Is All We Need to Start Sparse",
        "ICML 2023, arXiv 2210.02412",
        "abstract read; theorems recalled",
    ),
    "xiong2023": Paper(
        "Xiong, Liao, Kyrillidis",
        "Strong Lottery Ticket Hypothesis with ε-perturbation",
        "AISTATS 2023, arXiv 2210.16589",
        "abstract read",
    ),
    "kumar2025": Paper(
        "Kumar, Natale",
        "Quantization vs Pruning: Insights from the Strong Lottery Ticket Hypothesis",
        "2025",
        "prose read, formulas reconstructed",
    ),
    "otsuka2025": Paper(
        "Otsuka and others",
        "The Strong Lottery Ticket Hypothesis for Multi-Head Attention Mechanisms",
        "arXiv 2511.04217",
        "full text read",
    ),
    "zaheer2017": Paper(
        "Zaheer, Kottur, Ravanbakhsh, Poczos, Salakhutdinov, Smola",
        "Deep Sets",
        "NeurIPS 2017, arXiv 1703.06114",
        "general knowledge",
    ),
    "salmon2011": Paper("Salmon, Moraes, Dror, Shaw", "Parallel Random Numbers: As Easy as 1, 2, 3", "SC 2011", "the Philox generator"),
    "companion": Paper("this companion", "Statements with explicit constants", "this repository", "stated here"),
    "mine": Paper("the user", "A declaration of the user's own", "unpublished", "the user's own"),
}


@dataclass(frozen=True)
class Source:
    """Where a claim comes from: a key of the bibliography and a place in the text."""

    key: str
    place: str = ""

    def paper(self) -> Paper:
        """The publication cited; raises `UnknownSource` for a key that the bibliography does not hold."""
        if self.key not in BIBLIOGRAPHY:
            raise UnknownSource(
                f"the source {self.key!r} is not in the bibliography; known are {', '.join(BIBLIOGRAPHY)}. Use 'mine' for your own."
            )
        return BIBLIOGRAPHY[self.key]

    def __str__(self) -> str:
        return f"{self.key}, {self.place}" if self.place else self.key
