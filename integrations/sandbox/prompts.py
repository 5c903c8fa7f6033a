"""What happens to a prompt on a handset? It opens, gets one answer, and callbacks are planned about it."""

from dataclasses import dataclass, replace
from datetime import timedelta

from core.clock import Clock
from integrations.sandbox import numbers
from integrations.sandbox.events import PromptAnswered, PromptOpened
from integrations.sandbox.faults import Faults
from integrations.sandbox.magic import Script, script_of
from integrations.sandbox.memory import Memory
from integrations.sandbox.paybill_book import prompt_payment
from integrations.sandbox.paybill_calls import PaybillCalls
from integrations.sandbox.post import FORGED_RECEIPT, Letter, Post
from integrations.sandbox.results import LAPSED, PAID, RULE_LIMITED, answer_body, callback_body
from integrations.sandbox.settings import SandboxSettings

COOLDOWN = timedelta(minutes=1)
SAME_AMOUNT = timedelta(minutes=2)

CONTRADICTION_SECONDS = 5
"""Between the false report and the true one of a contradicted payment."""

HUMAN = Script(result_code=LAPSED)
"""A handset that does nothing by itself."""


@dataclass(frozen=True, slots=True)
class Push:
    """A push that passed every check."""

    phone: str
    shillings: int
    account: str
    callback_url: str


class Prompts:
    """All prompts of the paybill."""

    def __init__(self, *, settings: SandboxSettings, memory: Memory, faults: Faults, clock: Clock) -> None:
        self._settings = settings
        self._memory = memory
        self._faults = faults
        self._clock = clock
        self._paybill = PaybillCalls(settings=settings, memory=memory)
        self._post = Post(memory=memory, faults=faults, clock=clock)

    def locked(self, phone: str) -> bool:
        """Whether M-Pesa would not take a push to this phone now."""
        self.close_due()
        if self.open_on(phone):
            return True
        return self._faults.happens("daraja.rule.cooldown") and bool(self._since(phone, COOLDOWN))

    def open_on(self, phone: str) -> list[PromptOpened]:
        """The prompts the handset shows."""
        return [prompt for prompt in self._memory.open_prompts.values() if prompt.phone == phone]

    def _since(self, phone: str, span: timedelta) -> list[PromptOpened]:
        after = self._clock.now() - span
        return [
            prompt
            for prompt in self._memory.prompts.values()
            if prompt.phone == phone and prompt.opened_at > after
        ]

    def open(self, push: Push) -> PromptOpened:
        """Show a prompt, or have it answered from elsewhere in a while if no person is to do it."""
        now = self._clock.now()
        number = len(self._memory.prompts) + 1
        closes_after, closes_with = self._ending(push)
        prompt = PromptOpened(
            checkout_id=numbers.checkout_id(push.phone, number, now),
            merchant_id=numbers.request_id("merchant", number),
            phone=push.phone,
            shillings=push.shillings,
            account=push.account,
            business=self._settings.shortcode,
            callback_url=push.callback_url,
            opened_at=now,
            closes_at=now + closes_after,
            closes_with=closes_with,
        )
        self._memory.record(prompt)
        return prompt

    def _ending(self, push: Push) -> tuple[timedelta, str]:
        if self._faults.happens("daraja.rule.same_amount") and any(
            prompt.shillings == push.shillings for prompt in self._since(push.phone, SAME_AMOUNT)
        ):
            return timedelta(0), RULE_LIMITED
        script = script_of(push.phone)
        if script is None:
            return timedelta(seconds=self._settings.prompt_seconds), LAPSED
        after = self._settings.magic_seconds if script.after_seconds is None else script.after_seconds
        return timedelta(seconds=after), script.result_code

    def early_result(self, prompt: PromptOpened) -> str | None:
        """The result when the payer is to be quicker than our answer to the push; else None."""
        script = script_of(prompt.phone) or HUMAN
        if script.callback_before_answer or self._faults.happens("daraja.callback.early"):
            return PAID
        return None

    def answer(self, checkout_id: str, result_code: str) -> PromptAnswered:
        """Give an open prompt its final result and plan what Daraja will say about it. KeyError if not open."""
        prompt = self._memory.open_prompts[checkout_id]
        now = self._clock.now()
        receipt = numbers.receipt(self._memory.book.receipts + 1, now) if result_code == PAID else ""
        answer = PromptAnswered(prompt.checkout_id, result_code, receipt, now)
        script = script_of(prompt.phone) or HUMAN
        letters = [*self._paybill_letters(prompt, answer), *self._letters(prompt, answer)]
        self._memory.record(answer, *self._post.planned(prompt.checkout_id, letters, script))
        return answer

    def close_due(self) -> None:
        """Answer every prompt whose time is over."""
        now = self._clock.now()
        for prompt in [each for each in self._memory.open_prompts.values() if each.closes_at <= now]:
            self.answer(prompt.checkout_id, prompt.closes_with)

    def _paybill_letters(self, prompt: PromptOpened, answer: PromptAnswered) -> list[Letter]:
        """A prompt's money is money to the paybill: where its URLs are registered, they may hear of it too."""
        if answer.result_code != PAID or not self._faults.happens("daraja.c2b.after_push"):
            return []
        return self._paybill.confirmations(prompt_payment(prompt, answer))

    def _letters(self, prompt: PromptOpened, answer: PromptAnswered) -> list[Letter]:
        """The truth; before it, under a fault, its contrary."""
        url, is_paid = prompt.callback_url, answer.result_code == PAID
        false = callback_body(prompt, LAPSED, at=answer.at)
        forgery = false if is_paid else callback_body(prompt, PAID, receipt=FORGED_RECEIPT, at=answer.at)
        truth = Letter(url, answer_body(prompt, answer), forgery=forgery)
        if is_paid and self._faults.happens("daraja.callback.contradict"):
            return [Letter(url, false), replace(truth, after_seconds=CONTRADICTION_SECONDS)]
        return [truth]
