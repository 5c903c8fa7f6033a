"""Which part implements what? The one list; everything else asks for what it needs.

`build(settings)` makes a System without touching a server; `open` connects. Tests hand in replacements for what
touches the outside: time, ids, the network to the providers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import httpx
from redis.asyncio import Redis

from channels.admin.desk import AdminDesk
from channels.admin.limits import SignInLimits
from channels.networks import NETWORKS, PLAYED, Network, networks_of
from channels.pay_page import PayDesk
from channels.statement_links import STATEMENTS_PATH, StatementLinks
from core.audit.shown_buffer import ShownBuffer
from core.checked_actions import ACTIONS
from core.clock import Clock, SystemClock
from core.db.engine import Database
from core.ids import Ids, RandomIds
from core.lending.service.loan_payouts import PhoneDisburser
from core.members.national_id_index import NationalIdIndex
from core.members.pin import HashCost, PinHasher
from core.members.pin_checks import PinChecks
from core.membership.office import MembershipOffice
from core.membership.sent_secrets import with_secrets
from core.receiving.service import Matching
from core.staff.sessions import StaffKeys
from dialogs.branch_desk import BranchDesk
from dialogs.catalogue import Catalogue, load_catalogue
from dialogs.check import refuse_faulty
from dialogs.engine import Engine, EngineSettings
from dialogs.fingerprint import Fingerprint
from dialogs.flow_book import FlowBook
from dialogs.flows import all_flows
from dialogs.institution import Institution
from dialogs.redis_connection import RedisConnection
from dialogs.render import render_notice
from dialogs.session_redis import RedisSessionStore
from dialogs.trail import Keys
from imarisha.metrics import Metrics
from imarisha.payout_watch import float_low_below, withdrawal_terms
from imarisha.settings import Settings
from imarisha.statement_forms import statement_office
from integrations.africastalking.messages import AfricasTalkingMessenger
from integrations.africastalking.settings import AfricasTalkingSettings
from integrations.daraja.calls import CallDesk
from integrations.daraja.client import DarajaClient, daraja_client
from integrations.daraja.collect import DarajaCollector
from integrations.daraja.enquiry import DarajaEnquiry
from integrations.daraja.paybill_routes import PaybillCalls, Validation
from integrations.daraja.payout import DarajaFloatEnquiry, DarajaPayoutEnquiry, DarajaPayoutSender
from integrations.daraja.payout_routes import PayoutCallbacks
from integrations.daraja.routes import StkCallbacks
from integrations.daraja.settings import DarajaSettings
from integrations.daraja.token_redis import RedisTokenCache
from integrations.http import LogRecorder, http_client
from integrations.pace import RedisPace
from integrations.queue.jobs import Workbench
from integrations.queue.payout_jobs import PayoutDesk


@dataclass(frozen=True, slots=True)
class Replacements:
    """What a test may put in place of a part; None leaves ours."""

    clock: Clock | None = None
    ids: Ids | None = None
    transport: httpx.AsyncBaseTransport | None = None
    """Carries requests to the providers instead of the network."""
    pin_cost: HashCost | None = None


@dataclass(frozen=True, slots=True)
class System:
    """All parts of one process."""

    settings: Settings
    clock: Clock
    ids: Ids
    database: Database
    sessions: RedisConnection
    redis: Redis
    http: httpx.AsyncClient
    pins: PinChecks
    metrics: Metrics
    screens: ShownBuffer
    networks: Mapping[str, Network]
    engine: Engine
    callbacks: StkCallbacks
    paybill: PaybillCalls
    payout_callbacks: PayoutCallbacks
    bench: Workbench
    admin: AdminDesk
    pay: PayDesk
    statements: StatementLinks

    async def open(self) -> None:
        """Connect to the database. Redis may come later: without it members hear that we are busy."""
        await self.database.open()

    async def close(self) -> None:
        await self.pins.close()
        await self.screens.close()
        await self.sessions.close()
        await self.http.aclose()
        await self.redis.aclose()
        await self.database.close()


@dataclass(frozen=True, slots=True)
class _Shared:
    """What several parts are made from."""

    settings: Settings
    clock: Clock
    ids: Ids
    database: Database
    redis: Redis
    http: httpx.AsyncClient
    pins: PinChecks
    metrics: Metrics
    office: MembershipOffice
    matching: Matching
    catalogue: Catalogue


def build(settings: Settings, replacements: Replacements = Replacements()) -> System:
    """Put the parts together. Raises ValueError for settings that contradict each other."""
    shared = _shared(settings, replacements)
    sessions = RedisConnection(settings.redis_url)
    screens = ShownBuffer(shared.database, lost=shared.metrics.screens_lost)
    calls = CallDesk(shared.database, shared.clock, shared.ids, shared.metrics.callback)
    return System(
        settings=settings,
        clock=shared.clock,
        ids=shared.ids,
        database=shared.database,
        sessions=sessions,
        redis=shared.redis,
        http=shared.http,
        pins=shared.pins,
        metrics=shared.metrics,
        screens=screens,
        networks=networks_of(settings.ussd_networks, PLAYED if settings.is_demo else NETWORKS),
        engine=_engine(shared, sessions, screens),
        callbacks=StkCallbacks(calls),
        paybill=PaybillCalls(
            calls,
            shortcode=settings.paybill,
            matching=shared.matching,
            validation=Validation(settings.paybill_validation),
        ),
        payout_callbacks=PayoutCallbacks(
            database=shared.database,
            clock=shared.clock,
            ids=shared.ids,
            count=shared.metrics.callback,
            float_low_below=float_low_below(settings),
        ),
        bench=_workbench(shared),
        admin=_admin(shared),
        pay=PayDesk(
            database=shared.database,
            clock=shared.clock,
            ids=shared.ids,
            catalogue=shared.catalogue,
            public_url=settings.public_url,
        ),
        statements=StatementLinks(
            database=shared.database,
            clock=shared.clock,
            office=statement_office(institution(settings)),
            links=shared.office.links,
        ),
    )


def _shared(settings: Settings, replacements: Replacements) -> _Shared:
    clock = replacements.clock or SystemClock()
    office = membership_office(settings)
    return _Shared(
        settings=settings,
        clock=clock,
        ids=replacements.ids or RandomIds(clock),
        database=Database(settings.database_url, connections_max=settings.database_connections),
        redis=Redis.from_url(settings.queue_url, socket_timeout=2, socket_connect_timeout=2),
        http=http_client(replacements.transport),
        pins=PinChecks(
            PinHasher(
                settings.pin_peppers,
                current_pepper=settings.pin_pepper_version,
                cost=replacements.pin_cost or HashCost(),
            ),
            threads=settings.pin_threads,
            waiting=settings.pin_waiting,
        ),
        metrics=Metrics(),
        office=office,
        matching=Matching(national_ids=NationalIdIndex(office.sealer)),
        catalogue=_proven(institution(settings), Keys.read(settings.menu_keys))[0],
    )


@cache
def _proven(names: Institution, keys: Keys) -> tuple[Catalogue, FlowBook]:
    """Texts and flows, once a process: proving that they fit each other takes longer than all else of a start."""
    catalogue, flows = load_catalogue(names), all_flows()
    refuse_faulty(flows, catalogue, keys)
    return catalogue, flows


def _admin(shared: _Shared) -> AdminDesk:
    settings = shared.settings
    return AdminDesk(
        database=shared.database,
        clock=shared.clock,
        ids=shared.ids,
        checks=shared.pins,
        keys=StaffKeys.of(settings.staff_key),
        limits=SignInLimits(shared.redis),
        catalogue=shared.catalogue,
        actions=ACTIONS,
        statements=statement_office(institution(settings)),
        sealer=shared.office.sealer,
        institution=settings.institution_name,
        is_demo=settings.is_demo,
        disburser=PhoneDisburser(),
        withdrawals=withdrawal_terms(settings),
    )


def membership_office(settings: Settings) -> MembershipOffice:
    """Who seals, and who makes codes and links."""
    return MembershipOffice.of(
        settings.field_keys,
        current=settings.field_key_version,
        institution=settings.institution_name,
        links_base=f"{settings.public_url}{STATEMENTS_PATH}/",
    )


def institution(settings: Settings) -> Institution:
    """The names that the texts use."""
    return Institution(
        name=settings.institution_name,
        support=settings.support_phone,
        service_code=settings.service_code,
        paybill=settings.paybill,
    )


def _engine(shared: _Shared, sessions: RedisConnection, screens: ShownBuffer) -> Engine:
    settings, keys = shared.settings, Keys.read(shared.settings.menu_keys)
    _, flows = _proven(institution(settings), keys)
    # The lease must outlast a turn that first waited for another one's answer.
    wait_seconds = 2.5
    store = RedisSessionStore(
        sessions,
        shared.clock,
        lease_seconds=wait_seconds + settings.turn_seconds + 1,
        wait_seconds=wait_seconds,
    )
    return Engine(
        store=store,
        desk=BranchDesk(
            database=shared.database,
            clock=shared.clock,
            ids=shared.ids,
            pins=shared.pins,
            office=shared.office,
            catalogue=shared.catalogue,
            withdrawals=withdrawal_terms(settings),
        ),
        clock=shared.clock,
        catalogue=shared.catalogue,
        flows=flows,
        fingerprint=Fingerprint(settings.session_key.encode()),
        funnel=shared.metrics,
        witness=screens,
        settings=EngineSettings(keys=keys, turn_seconds=settings.turn_seconds),
    )


def _workbench(shared: _Shared) -> Workbench:
    recorder = LogRecorder()
    daraja = _daraja(shared, recorder)
    return Workbench(
        database=shared.database,
        clock=shared.clock,
        ids=shared.ids,
        collector=DarajaCollector(daraja),
        enquiry=DarajaEnquiry(daraja),
        messenger=_messenger(shared, recorder),
        payouts=PayoutDesk(
            database=shared.database,
            clock=shared.clock,
            ids=shared.ids,
            sender=DarajaPayoutSender(daraja),
            enquiry=DarajaPayoutEnquiry(daraja),
            float_enquiry=DarajaFloatEnquiry(daraja),
        ),
        matching=shared.matching,
        render=with_secrets(
            partial(render_notice, shared.catalogue), shared.office.codes, shared.office.links
        ),
    )


def _daraja(shared: _Shared, recorder: LogRecorder) -> DarajaClient:
    settings = shared.settings
    return daraja_client(
        DarajaSettings(
            base_url=settings.daraja_url,
            consumer_key=settings.daraja_consumer_key,
            consumer_secret=settings.daraja_consumer_secret,
            shortcode=settings.paybill,
            passkey=settings.daraja_passkey,
            callback_base=settings.public_url + settings.webhook_prefix,
            operator=settings.daraja_operator,
            operator_password=settings.daraja_operator_password,
            certificate=Path(settings.daraja_certificate) if settings.daraja_certificate else None,
            payout_shortcode=settings.daraja_payout_shortcode,
        ),
        http=shared.http,
        recorder=recorder,
        cache=RedisTokenCache(shared.redis, consumer_key=settings.daraja_consumer_key, clock=shared.clock),
        clock=shared.clock,
        pace=RedisPace(shared.redis, account="daraja", per_second=settings.daraja_per_second),
    )


def _messenger(shared: _Shared, recorder: LogRecorder) -> AfricasTalkingMessenger:
    settings = shared.settings
    return AfricasTalkingMessenger(
        AfricasTalkingSettings(
            base_url=settings.africastalking_url,
            username=settings.africastalking_username,
            api_key=settings.africastalking_api_key,
            sender=settings.africastalking_sender,
        ),
        http=shared.http,
        recorder=recorder,
    )
