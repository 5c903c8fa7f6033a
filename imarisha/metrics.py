"""How is it going? Counters and histograms that `/metrics` shows, in the names operators' dashboards rely on."""

from prometheus_client import CollectorRegistry, Counter, Histogram

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """One set of metrics per process. Also the dialogs' funnel: from which screen to which, how fast."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._moves = Counter(
            "imarisha_dialog_moves",
            "Turns by the screen they began and ended on",
            ["origin", "target", "language", "network"],
            registry=self.registry,
        )
        self._turns = Histogram(
            "imarisha_dialog_turn_seconds",
            "Time of a turn",
            ["target"],
            registry=self.registry,
            buckets=_SECONDS,
        )
        self._turns_by_caller = Histogram(
            "imarisha_dialog_caller_turn_seconds",
            "Time of a turn, by the caller's language and network",
            ["language", "network"],
            registry=self.registry,
            buckets=_SECONDS,
        )
        self._screens_lost = Counter(
            "imarisha_shown_screens_lost",
            "Screens that were shown and are not kept",
            registry=self.registry,
        )
        self._kept: dict[tuple[str, str, str, str], tuple[Counter, Histogram, Histogram]] = {}
        """What `labels` found, as finding it again takes longer than counting."""
        self._callbacks = Counter(
            "imarisha_payment_callbacks",
            "Payment callbacks by what became of them",
            ["result"],
            registry=self.registry,
        )
        self._refused = Counter(
            "imarisha_refused_requests",
            "Webhook requests refused, by reason",
            ["reason"],
            registry=self.registry,
        )

    def moved(self, from_label: str, to_label: str, language: str, network: str, seconds: float) -> None:
        """A member moved from one screen to the next. Labels name screens and profiles, never data."""
        kept = self._kept.get((from_label, to_label, language, network))
        if kept is None:
            kept = (
                self._moves.labels(from_label, to_label, language, network),
                self._turns.labels(to_label),
                self._turns_by_caller.labels(language, network),
            )
            self._kept[from_label, to_label, language, network] = kept
        moves, turns, by_caller = kept
        moves.inc()
        turns.observe(seconds)
        by_caller.observe(seconds)

    def screens_lost(self, count: int) -> None:
        """Screens that came faster than they can be kept, or while the database was away."""
        self._screens_lost.inc(count)

    def callback(self, result: str) -> None:
        """A payment callback was handled: settled, repeat, unknown, malformed."""
        self._callbacks.labels(result).inc()

    def refused(self, reason: str) -> None:
        """A webhook was turned away before anything was stored."""
        self._refused.labels(reason).inc()
