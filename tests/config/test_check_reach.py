"""What `check` finds beyond single keys: what nobody reaches, words in each other's light, offers without a way out."""

import pytest

from tests.config.conftest import FILES, RULES, TEMPLATE, Faults, Load

SAY = 'say = "x"\n'
TWO = "[[rule.x.case]]\n"
X = f'[rule.x]\nwords = "xy"\n{SAY}'
OFFER = TEMPLATE.replace("order_update", "offer").replace("UTILITY", "MARKETING")
LATER = 'words = "xy"\nsay = "x"\n[[rule.x.later]]\nafter = "2 h"\npurpose = "marketing"\n'


@pytest.mark.parametrize(
    ("rules", "key", "wrong"),
    [
        pytest.param(f'[rule.x]\n{SAY}choices = [{{ title = "Y", go = "rule.y" }}]\n'
                     f'[rule.y]\n{SAY}choices = [{{ title = "X", go = "rule.x" }}]',
                     "rule.x", "nobody reaches", id="rules that lead to each other alone"),
        pytest.param(f'[rule.x]\nwords = "xy"\nif.open = true\nunless.open = true\n{SAY}',
                     "rule.x.unless", "forbids what if demands", id="a condition against itself"),
        pytest.param(f'[rule.x]\nwords = "xy"\nif.open = true\n{SAY}{TWO}if.open = false\n{SAY}',
                     "rule.x.case.1", "never fits", id="a case against its rule"),
        pytest.param(f"{X}{TWO}if.open = true\n{SAY}{TWO}if.open = true\nif.ad = true\n{SAY}",
                     "rule.x.case.2", "case 1 fits whenever", id="a case behind a wider one"),
        pytest.param(f'{X}{TWO}if.weekday = ["sat", "sun"]\n{SAY}{TWO}if.weekday = "sun"\n{SAY}',
                     "rule.x.case.2", "case 1 fits whenever", id="a day behind two"),
        pytest.param(f'{X}{TWO}unless.weekday = "sun"\n{SAY}'
                     f'{TWO}unless.weekday = ["sat", "sun"]\n{SAY}',
                     "rule.x.case.2", "case 1 fits whenever", id="unless, the other way round"),
        pytest.param(f"{X}{TWO}if.open = true\n{SAY}{TWO}if.open = false\n{SAY}",
                     "rule.x.case", "the rule never does", id="cases for all there is"),
        pytest.param(f'[rule.x]\nwords = "xy"\nif.open = false\n{SAY}choices = [{{ title = "Y", go = "rule.y" }}]\n'
                     f'[rule.y]\nwords = "yz"\nif.open = true\n{SAY}',
                     "rule.x.choices.1.go", "offered just when", id="a choice that cannot start its rule"),
        pytest.param(f'[rule.x]\nwords = "please leave me alone"\n{SAY}', "rule.x.words", "left alone",
                     id="a wish to be left alone"),
        pytest.param(f"[rule.x]\npattern = 'h(i|o)'\n{SAY}", "rule.x.pattern", "takes 'hi', a word of rule.menu",
                     id="an expression that takes a word"),
        pytest.param(f'[rule.x]\n{LATER}say = "New cakes!"', "rule.x.later.1.say", "opt-out", id="an offer for ever"),
    ],
)  # fmt: skip
def test_it_names(faults_of: Faults, rules: str, key: str, wrong: str):
    faults = faults_of({"rules.toml": f"{RULES}\n{rules}"})

    assert [fault.file for fault in faults if fault.key == key and wrong in fault.wrong] == ["shop/rules.toml"]


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param(f"{X}{TWO}if.open = true\n{SAY}{TWO}if.ad = true\n{SAY}", id="two cases"),
        pytest.param(f'{X}{TWO}if.weekday = "sun"\n{SAY}{TWO}if.weekday = ["sat", "sun"]\n{SAY}',
                     id="the narrow case first"),
        pytest.param(f'{X}{TWO}unless.consent = "marketing"\n{SAY}'
                     f'{TWO}unless.consent = ["marketing", "transactional"]\n{SAY}', id="fewer consents forbid more"),
        pytest.param(f"[rule.x]\npattern = '.+'\n{SAY}", id="an expression for everything"),
        pytest.param(f"[rule.x]\npattern = 'hi there'\n{SAY}", id="an expression longer than a word"),
        pytest.param(f'[rule.x]\n{LATER}say.en = "New! Write stop marketing to end it."\nsay.gu = "નવું! STOP"',
                     id="a way out"),
    ],
)  # fmt: skip
def test_it_lets_pass(shop: Load, rules: str):
    assert shop(**{"rules.toml": f"{RULES}\n{rules}"}).businesses["shop"].rule("rule.x") is not None


def test_a_marketing_template_says_how_to_stop(faults_of: Faults, shop: Load):
    name = "messages/offer.en.json"
    [fault] = faults_of({name: OFFER})
    footer = ', {"type": "FOOTER", "text": "Reply STOP to hear no more"}]'

    assert (fault.file, fault.key) == (f"shop/{name}", "components")
    assert "opt-out" in fault.wrong
    assert len(shop(**{name: OFFER.replace("]", footer)}).businesses["shop"].templates) == len(FILES) - 2
