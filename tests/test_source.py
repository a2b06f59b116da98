"""Every citation leads to the bibliography."""

import pytest

from theory.errors import UnknownSource
from theory.instantiation import REGISTRY
from theory.source import BIBLIOGRAPHY, Source
from theory.statement import STATEMENTS


@pytest.mark.parametrize("key", BIBLIOGRAPHY)
def test_every_key_has_authors_a_title_a_venue_and_says_how_it_is_known(key: str) -> None:
    paper = Source(key).paper()
    assert all((paper.authors, paper.title, paper.venue, paper.known))


def test_every_statement_and_instantiation_cites_a_known_source() -> None:
    cited = [statement.source for statement in STATEMENTS.values()]
    cited += [declared.source for declared in REGISTRY.values() if declared.__module__.startswith("theory.")]
    assert len(cited) > 10
    for source in cited:
        assert source.paper() is BIBLIOGRAPHY[source.key]


def test_an_unknown_key_is_refuted_with_the_key_the_known_ones_and_the_remedy() -> None:
    with pytest.raises(UnknownSource) as refused:
        Source("fermat1637", "margin").paper()
    message = str(refused.value)
    assert "'fermat1637'" in message
    assert all(key in message for key in BIBLIOGRAPHY)
    assert "Use 'mine'" in message


def test_a_source_reads_as_key_and_place() -> None:
    assert str(Source("ferbach2023", "Theorem 1")) == "ferbach2023, Theorem 1"
    assert str(Source("mine")) == "mine"
