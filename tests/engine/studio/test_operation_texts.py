"""Everything that a service task may name is said in both languages."""

from engine.service_tasks import registry
from engine.studio.operation_texts import OF_ONE, PARAMETERS, TITLES


def test_every_operation_and_each_of_its_parameters_has_its_words_and_no_others_are_left():
    registry.load()
    parameters = {(name, key) for name, one in registry.OPERATIONS.items() for key in one.parameters}

    assert TITLES.keys() == registry.OPERATIONS.keys()
    assert {pair for pair in parameters if pair not in OF_ONE and pair[1] not in PARAMETERS} == set()
    assert OF_ONE.keys() <= parameters
    assert PARAMETERS.keys() <= {key for _, key in parameters}


def test_texts_are_chinese_and_english():
    for zh, en in (*TITLES.values(), *PARAMETERS.values(), *OF_ONE.values()):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in zh) or ":" in zh, zh
        assert en.isascii(), en
