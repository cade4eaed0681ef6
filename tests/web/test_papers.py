"""A printed paper lies with its case, opens for who takes part, and its code leads back to the case."""

import pytest
from lxml import html

from tests.web.conftest import Office
from tests.web.test_cases import signed_case


@pytest.fixture
def case(office: Office) -> str:
    return signed_case(office)


def test_the_paper_is_among_the_files_and_comes_as_an_attachment(office: Office, case: str) -> None:
    client = office.visit("lin_xiaomei")

    page = html.fromstring(client.get(f"/cases/{case}?tab=files").text)
    (link,) = page.xpath("//ul[@class='rf-talk']//a")
    answer = client.get(link.get("href"), buffered=True)

    assert link.text_content().strip().startswith("售中、售后问题确认单 TS-")
    assert "生成确认单" in link.getparent().text_content()
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.data.startswith(b"%PDF-")
    assert office.visit("tang_yi").get(link.get("href")).status_code == 404


def test_the_history_says_which_step_made_it(office: Office, case: str) -> None:
    text = html.fromstring(office.visit("lin_xiaomei").get(f"/cases/{case}?tab=history").text).text_content()

    assert "办完「生成确认单」" in text


def test_the_number_leads_to_the_case_for_who_takes_part(office: Office, case: str) -> None:
    answer = office.visit("lin_xiaomei").get("/cases/TS-2026-0001")

    assert (answer.status_code, answer.location) == (303, f"/cases/{case}")
    assert office.visit("tang_yi").get("/cases/TS-2026-0001").status_code == 404
    assert office.visit("lin_xiaomei").get("/cases/TS-2026-9999").status_code == 404
