"""What does the sandbox know at this moment? The sum of its journal's events, and nothing besides."""

import asyncio
from dataclasses import dataclass, field

from integrations.sandbox.events import (
    CallbackPlanned,
    CallbackSent,
    DialsSet,
    Event,
    MessageStored,
    MoneyMoved,
    OperatorTried,
    OperatorUnlocked,
    PromptAnswered,
    PromptOpened,
    PullRegistered,
    RequestTaken,
    TokenDropped,
    TokenIssued,
    UrlsRegistered,
)
from integrations.sandbox.journal import Journal
from integrations.sandbox.paybill_book import PaybillBook, prompt_payment


@dataclass(slots=True)
class Memory:
    """Made from a journal; changed only by `record`."""

    journal: Journal
    token: TokenIssued | None = None
    """The one that is good, unless its time is over."""
    tokens_issued: int = 0
    prompts: dict[str, PromptOpened] = field(default_factory=dict)
    """Every prompt ever, by CheckoutRequestID, the oldest first."""
    open_prompts: dict[str, PromptOpened] = field(default_factory=dict)
    answers: dict[str, PromptAnswered] = field(default_factory=dict)
    book: PaybillBook = field(default_factory=PaybillBook)
    """Every movement of the paybill, those of prompts included."""
    requests: dict[str, RequestTaken] = field(default_factory=dict)
    """Every request whose outcome is told later, by the customer's own number of it."""
    urls: UrlsRegistered | None = None
    """The last that were registered."""
    is_pulled: bool = False
    """Whether pulling transactions is switched on."""
    wrong_passwords: int = 0
    """Of the API operator, one after the other."""
    callbacks: dict[int, CallbackPlanned] = field(default_factory=dict)
    """Planned and not yet sent."""
    callbacks_planned: int = 0
    messages: list[MessageStored] = field(default_factory=list)
    dials: DialsSet = field(default_factory=lambda: DialsSet(seed=0, values={}))
    events_since_dials: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set whenever something was recorded."""

    def __post_init__(self) -> None:
        for event in self.journal.replay():
            self._apply(event)

    def record(self, *events: Event) -> None:
        """Keep what happened: all of it, or nothing if the process dies here."""
        self.journal.append(events)
        for event in events:
            self._apply(event)
        self.changed.set()

    def _apply(self, event: Event) -> None:
        self.events_since_dials += 1
        match event:
            case TokenIssued():
                self.token = event
                self.tokens_issued += 1
            case TokenDropped():
                self.token = None
            case PromptOpened():
                self.prompts[event.checkout_id] = self.open_prompts[event.checkout_id] = event
            case PromptAnswered():
                self._answer(event)
            case MessageStored():
                self.messages.append(event)
            case DialsSet():
                self.dials = event
                self.events_since_dials = 0
            case CallbackPlanned():
                self.callbacks[event.number] = event
                self.callbacks_planned += 1
            case CallbackSent():
                del self.callbacks[event.number]
            case _:
                self._apply_to_paybill(event)

    def _apply_to_paybill(
        self,
        event: MoneyMoved | RequestTaken | UrlsRegistered | PullRegistered | OperatorTried | OperatorUnlocked,
    ) -> None:
        match event:
            case MoneyMoved():
                self.book.enter(event)
            case RequestTaken():
                self.requests[event.originator_id] = event
            case UrlsRegistered():
                self.urls = event
            case PullRegistered():
                self.is_pulled = True
            case OperatorTried():
                self.wrong_passwords = 0 if event.is_right else self.wrong_passwords + 1
            case OperatorUnlocked():
                self.wrong_passwords = 0

    def _answer(self, event: PromptAnswered) -> None:
        del self.open_prompts[event.checkout_id]
        self.answers[event.checkout_id] = event
        if event.receipt:
            self.book.enter(prompt_payment(self.prompts[event.checkout_id], event))
