"""The press: the same bytes for the same order, and nothing that a template can do harms anything but itself."""

import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from engine.errors import PaperFailed
from engine.papers import press as module
from engine.papers.gathering import sample
from engine.papers.press import Press

AT = datetime(2025, 9, 26, 8, tzinfo=UTC)
SECONDS = 3.0
PACKAGE = '#import ("@pre" + "view/cetz:0.3.0"): *'


@pytest.fixture
def press() -> Iterator[Press]:
    press = Press(seconds=SECONDS)
    yield press
    press.close()


def refused(press: Press, template: str) -> str:
    with pytest.raises(PaperFailed) as failed:
        press.pdf(template, sample(), AT)
    return str(failed.value.context["reason"])


def test_the_same_order_gives_the_same_bytes_even_from_another_child(press: Press) -> None:
    template = '#import "/paper.typ": *\n#show: paper.with(title: "单据")\n#datetime.today().display()'

    first = press.pdf(template, sample(), AT)
    press.close()
    second = press.pdf(template, sample(), AT)

    assert first.content == second.content
    assert first.title == "单据"


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../../../../../../../etc/passwd", "/proc/self/environ", "../press.py", "/../typesetter.py"]
)
def test_a_template_reads_no_file(press: Press, path: str) -> None:
    reason = refused(press, f'#read("{path}")')

    assert "not found" in reason or "escape" in reason


def test_a_template_reaches_the_network_only_where_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        monkeypatch.setattr(module, "NOWHERE", f"http://127.0.0.1:{listener.getsockname()[1]}")

        refused(Press(seconds=1.0), PACKAGE)

        listener.accept()[0].close()  # raises where the loader went elsewhere


def test_a_template_reaches_no_network(press: Press) -> None:
    assert "Connection refused" in refused(press, PACKAGE)


@pytest.mark.parametrize(
    "template",
    [
        "#for number in range(1000000) [#pagebreak()]",
        "#range(10000000000).len()",
        '#let text = "a"; #for turn in range(60) { text = text + text }; #text.len()',
        "#let f(n) = if n < 2 { n } else { f(n - 1) + f(n - 2) }; #for k in range(9000) { f(24 + calc.rem(k, 2)) + k }",
        "#while true {}",
        "#let f(x) = f(x + 1); #f(0)",
    ],
    ids=["pages", "range", "doubling", "slow", "loop", "recursion"],
)
def test_a_template_that_takes_too_much_is_ended_and_the_next_paper_is_made(press: Press, template: str) -> None:
    began = time.monotonic()

    assert refused(press, template)

    assert time.monotonic() - began < 2 * SECONDS
    assert press.pdf("好的", sample(), AT).content.startswith(b"%PDF-")


def test_a_template_that_is_wrong_is_named_with_its_line(press: Press) -> None:
    assert refused(press, "好的\n\n#nothing_of_the_kind()") == "line 3: unknown variable: nothing_of_the_kind"


def test_data_is_never_source(press: Press) -> None:
    data = {**sample(), "said": {"a": {"fields": {"b": {"text": '#panic("out") ] #read("/etc/passwd") $x$ \\'}}}}}

    made = press.pdf('#import "/paper.typ": *\n#set document(title: said("a.b"))\n#said("a.b")', data, AT)

    assert made.title == '#panic("out") ] #read("/etc/passwd") $x$ \\'


def test_secrets_of_the_program_are_not_in_the_childs_environment(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RENOFLOW_SECRET_KEY", "open sesame")

    assert "RENOFLOW_SECRET_KEY" not in module._environment()
