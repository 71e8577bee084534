"""The progress of a report by number and code: neutral, the same for unknown and wrong, and not to be guessed."""

import httpx
from bs4 import BeautifulSoup

from api.limits import STATUS
from domain.receipts import LOOKUP_ALPHABET, make_receipt
from tests.web.office import REPORT, Office

SECRETS = ("王小红", "13800138000", "三天没有大人", "220104001", "前进街道", "ABANDONED", "red")


async def filed(office: Office) -> tuple[str, str]:
    """Number and code of a new report."""
    async with office.program() as program:
        receipt = (await program.post("/api/v1/reports", json=REPORT | {"child_name": "王小红"})).json()
    return receipt["receipt"], receipt["code"]


def wrong_code(code: str) -> str:
    """Another code that looks as good."""
    return code[:-1] + next(letter for letter in LOOKUP_ALPHABET if letter != code[-1])


async def ask(client: httpx.AsyncClient, number: str, code: str) -> httpx.Response:
    return await client.post("/status", data={"receipt": number, "code": code})


async def test_number_and_code_tell_how_far_it_is_and_nothing_of_the_child(office: Office) -> None:
    number, code = await filed(office)
    async with office.browser() as browser:
        answer = await ask(browser, number, code)
    assert answer.status_code == 200
    assert "已收到，等待受理" in answer.text
    assert not [secret for secret in SECRETS if secret in BeautifulSoup(answer.text, "html5lib").main.get_text()]  # type: ignore[union-attr]


async def test_a_number_may_be_typed_in_any_way(office: Office) -> None:
    number, code = await filed(office)
    async with office.browser() as browser:
        answer = await ask(browser, number.removeprefix("JL").replace("-", " "), f" {code.lower()} ")
    assert answer.status_code == 200


async def test_what_the_reporter_was_told_is_shown_again(office: Office) -> None:
    number, code = await filed(office)
    await office.run(
        "UPDATE report SET feedback_code = 'measures', feedback_at = now() WHERE receipt = :number", number=number
    )
    async with office.program() as program:
        answer = await program.post("/api/v1/reports/status", json={"receipt": number, "code": code})
    assert answer.json()["feedback"] == "已采取保护措施"
    assert answer.json()["feedback_at"]
    assert set(answer.json()) == {"received_at", "stage", "stage_title", "feedback", "feedback_at"}


async def test_unknown_number_wrong_code_and_nonsense_get_one_answer(office: Office) -> None:
    number, code = await filed(office)
    unknown = make_receipt(123456789012345678901, 2026)
    tries = [(unknown, code), (number, wrong_code(code)), ("x", "y"), (number, "")]
    async with office.browser() as browser:
        pages = [await ask(browser, *one) for one in tries]
    async with office.program() as program:
        documents = [
            await program.post("/api/v1/reports/status", json=dict(zip(("receipt", "code"), one, strict=True)))
            for one in tries
        ]
    assert {page.status_code for page in pages} == {422}
    errors = [
        BeautifulSoup(page.text, "html5lib").select_one(".sw-error-summary").get_text()  # type: ignore[union-attr]
        for page in pages
    ]
    assert len(set(errors)) == 1
    assert {document.status_code for document in documents} == {404}
    assert len({str(document.json() | {"instance": ""}) for document in documents}) == 1


async def test_unknown_number_and_wrong_code_ask_the_database_the_same(office: Office) -> None:
    number, code = await filed(office)
    unknown = make_receipt(98765432109876543210, 2026)
    seen: list[list[str]] = []
    for one in ((unknown, code), (number, wrong_code(code)), (number, "nonsense")):
        with office.statements() as statements:
            async with office.browser() as browser:
                await ask(browser, *one)
        seen.append(list(statements))
    assert seen[0] and seen[0] == seen[1] == seen[2]


async def test_guessing_one_number_ends_after_five_tries_whatever_way_it_is_written(office: Office) -> None:
    number, code = await filed(office)
    async with office.browser() as browser:
        ways = [number, number.lower(), number.replace("-", ""), number.replace("JL", ""), f" {number} "]
        answers = [(await ask(browser, way, wrong_code(code))).status_code for way in ways]
        right = await ask(browser, number, code)
        other_number = await ask(browser, *await filed(office))
    assert STATUS.most == len(ways)
    assert answers == [422] * 5
    assert right.status_code == 429 and int(right.headers["retry-after"]) > 0
    assert other_number.status_code == 200


async def test_another_process_counts_on_from_where_the_first_one_was(office: Office) -> None:
    number, code = await filed(office)
    async with office.browser() as browser:
        for _ in range(3):
            await ask(browser, number, wrong_code(code))
        async with office.twin() as twin:
            same_address = twin.at(browser)
            answers = [(await ask(same_address, number, wrong_code(code))).status_code for _ in range(3)]
            await same_address.aclose()
    assert answers == [422, 422, 429]


async def test_the_reporter_elsewhere_is_not_locked_out_by_a_guesser(office: Office) -> None:
    number, code = await filed(office)
    async with office.browser() as guesser:
        for _ in range(6):
            await ask(guesser, number, wrong_code(code))
    async with office.browser() as reporter:
        assert (await ask(reporter, number, code)).status_code == 200
