"""Exact phrases always act, free wording leads to the question, and ordinary talk does neither."""

import pytest

from tests.corpus.measure import HEAD, TABLE, Language, false_stops, load, row, wrong_exact, wrong_free

CORPUS = load()
SHIPPED = {
    "en", "hi", "gu", "mr", "bn", "ta", "te", "kn", "ml", "pa", "ur", "es", "pt", "fr", "de", "it", "ar", "id", "tr",
    "ru", "zh", "ja",
}  # fmt: skip
EACH = pytest.mark.parametrize("language", CORPUS, ids=[each.code for each in CORPUS])


def test_the_corpus_is_large_and_speaks_every_language() -> None:
    assert {each.code for each in CORPUS} == SHIPPED
    assert sum(each.wishes for each in CORPUS) >= 600
    assert sum(len(each.ordinary) for each in CORPUS) >= 3000
    assert min(len(each.ordinary) for each in CORPUS) >= 80
    assert [each.code for each in CORPUS if not {"stop", "delete", "export", "start"} <= each.exact.keys()] == []


def test_it_tells_how_well_people_are_understood(request: pytest.FixtureRequest) -> None:
    rows = [row(each) for each in CORPUS]
    request.config.stash[TABLE] = [HEAD, *rows]
    assert len(rows) == len(SHIPPED)


@EACH
def test_every_exact_phrase_acts(language: Language) -> None:
    assert wrong_exact(language) == []


@EACH
def test_free_wording_leads_to_the_question(language: Language) -> None:
    wrong = wrong_free(language)
    assert 1 - len(wrong) / len(language.free) >= 0.95, wrong


def test_ordinary_talk_stops_nothing() -> None:
    wrong = [text for each in CORPUS for text in false_stops(each)]
    assert len(wrong) / sum(len(each.ordinary) for each in CORPUS) <= 0.002, wrong
