"""Answer any form of a procedure in the browser, by the kind of input that stands there."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Locator, Page


def fill(page: Page, values: Mapping[str, Any], within: str = "f.") -> None:
    """Answer the fields in the order given; one that appears because of an answer before it is waited for.

    Args:
        values: Field key → text, option, True or False (a box), options (a checklist) or rows (mappings by field key).
        within: What the inputs' names begin with.
    """
    for key, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            for number, row in enumerate(value):
                _unfold(page.locator(f'[name^="{within}{key}.{number}."]').first)
                fill(page, row, f"{within}{key}.{number}.")
        else:
            _answer(page.locator(f'[name="{within}{key}"]'), value)


def _unfold(within: Locator) -> None:
    """Open the list's further rows, if this is one of them."""
    folded = within.locator("xpath=ancestor::details[not(@open)]/summary")
    if folded.count():
        folded.last.click()


def _answer(inputs: Locator, value: Any) -> None:
    inputs.first.wait_for(state="attached")
    kind = inputs.first.evaluate("input => input.type")
    if kind in ("radio", "checkbox"):
        _choose(inputs, _wanted(value))
    elif kind == "select-one":
        inputs.select_option(str(value))
    else:
        inputs.fill(str(value))
        inputs.blur()


def _wanted(value: Any) -> set[str]:
    """The values of the boxes that are to be ticked; a single box says "yes"."""
    if isinstance(value, bool):
        return {"yes"} if value else set()
    return set(value) if isinstance(value, list) else {str(value)}


def _choose(inputs: Locator, wanted: set[str]) -> None:
    """Click the labels, as a person does: the inputs themselves are drawn by style."""
    offered = {str(one.get_attribute("value")): one for one in inputs.all()}
    assert wanted <= set(offered), f"{wanted - set(offered)} can't be chosen of {sorted(offered)}"
    for value, one in offered.items():
        if one.is_checked() != (value in wanted):
            one.locator("xpath=ancestor::label").click()
