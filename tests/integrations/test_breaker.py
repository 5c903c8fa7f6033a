"""Is a provider that is down left alone, and found again when it is back?"""

import httpx

from integrations.breaker import FAULTS_MAX, Breaker
from integrations.http import Answer, NotSent, ProviderClient, http_client
from tests.integrations.outside import Notebook


class Stopwatch:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def a_breaker(stopwatch: Stopwatch) -> Breaker:
    return Breaker(faults_max=2, open_seconds=15, stopwatch=stopwatch)


def test_few_faults_change_nothing() -> None:
    breaker = a_breaker(Stopwatch())

    breaker.heard(is_fault=True)

    assert breaker.lets_through()
    assert not breaker.is_open


def test_faults_in_a_row_hold_requests_back() -> None:
    breaker = a_breaker(Stopwatch())

    breaker.heard(is_fault=True)
    breaker.heard(is_fault=True)

    assert breaker.is_open
    assert not breaker.lets_through()


def test_answer_between_faults_starts_the_count_again() -> None:
    breaker = a_breaker(Stopwatch())

    for is_fault in (True, False, True):
        breaker.heard(is_fault=is_fault)

    assert breaker.lets_through()


def test_one_request_tries_after_a_while_and_its_answer_opens_the_way() -> None:
    stopwatch = Stopwatch()
    breaker = a_breaker(stopwatch)
    breaker.heard(is_fault=True)
    breaker.heard(is_fault=True)

    stopwatch.seconds = 15
    tries = [breaker.lets_through() for _ in range(3)]
    breaker.heard(is_fault=False)

    assert tries == [True, False, False]
    assert breaker.lets_through()


def test_trial_that_fails_costs_another_pause() -> None:
    stopwatch = Stopwatch()
    breaker = a_breaker(stopwatch)
    breaker.heard(is_fault=True)
    breaker.heard(is_fault=True)
    stopwatch.seconds = 15
    breaker.lets_through()

    stopwatch.seconds = 20
    breaker.heard(is_fault=True)
    stopwatch.seconds = 34

    assert not breaker.lets_through()
    stopwatch.seconds = 35
    assert breaker.lets_through()


async def test_requests_held_back_are_surely_not_sent_and_recorded_all_the_same() -> None:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(503)

    notebook = Notebook()
    async with http_client(httpx.MockTransport(answer)) as http:
        client = ProviderClient(
            provider="x",
            base_url="http://x",
            http=http,
            recorder=notebook,
            error_in=lambda _: "",
            breaker=Breaker(),
        )
        results = [
            await client.send(client.build("POST", "/pay", headers={}), seconds=1)
            for _ in range(FAULTS_MAX + 1)
        ]

    assert len(sent) == FAULTS_MAX
    assert isinstance(results[FAULTS_MAX - 1], Answer)
    assert results[-1] == NotSent("provider is down")
    assert notebook.exchanges[-1].error == "provider is down"


async def test_error_in_the_provider_s_own_words_is_no_fault() -> None:
    async with http_client(httpx.MockTransport(lambda _: httpx.Response(500, json={}))) as http:
        client = ProviderClient(
            provider="x",
            base_url="http://x",
            http=http,
            recorder=Notebook(),
            error_in=lambda _: "",
            breaker=Breaker(faults_max=1),
        )
        results = [await client.send(client.build("GET", "/", headers={}), seconds=1) for _ in range(3)]

    assert all(isinstance(result, Answer) for result in results)
