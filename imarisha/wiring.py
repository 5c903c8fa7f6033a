"""Which part implements what? The one list; everything else asks for what it needs.

`build(settings)` makes a System without touching a server; `open` connects. Tests hand in replacements for what
touches the outside: time, ids, the network to the providers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import httpx
from redis.asyncio import Redis

from channels.admin.desk import AdminDesk
from channels.admin.limits import SignInLimits
from channels.networks import NETWORKS, PLAYED, Network, networks_of
from channels.statement_links import STATEMENTS_PATH, StatementLinks
from core.audit.shown_buffer import ShownBuffer
from core.checked_actions import ACTIONS
from core.clock import Clock, SystemClock
from core.db.engine import Database
from core.ids import Ids, RandomIds
from core.members.pin import HashCost, PinHasher
from core.members.pin_checks import PinChecks
from core.membership.office import MembershipOffice
from core.membership.sent_secrets import with_secrets
from core.staff.sessions import StaffKeys
from dialogs.branch_desk import BranchDesk
from dialogs.catalogue import load_catalogue
from dialogs.check import refuse_faulty
from dialogs.engine import Engine, EngineSettings
from dialogs.fingerprint import Fingerprint
from dialogs.flows import all_flows
from dialogs.institution import Institution
from dialogs.redis_connection import RedisConnection
from dialogs.render import render_notice
from dialogs.session_redis import RedisSessionStore
from dialogs.trail import Keys
from imarisha.metrics import Metrics
from imarisha.settings import Settings
from imarisha.statement_forms import statement_office
from integrations.africastalking.messages import AfricasTalkingMessenger
from integrations.africastalking.settings import AfricasTalkingSettings
from integrations.daraja.client import daraja_client
from integrations.daraja.collect import DarajaCollector
from integrations.daraja.enquiry import DarajaEnquiry
from integrations.daraja.routes import StkCallbacks
from integrations.daraja.settings import DarajaSettings
from integrations.daraja.token_redis import RedisTokenCache
from integrations.http import LogRecorder, http_client
from integrations.queue.jobs import Workbench


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
    bench: Workbench
    admin: AdminDesk
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


def build(settings: Settings, replacements: Replacements = Replacements()) -> System:
    """Put the parts together. Raises ValueError for settings that contradict each other."""
    clock = replacements.clock or SystemClock()
    ids = replacements.ids or RandomIds(clock)
    database = Database(settings.database_url, connections_max=settings.database_connections)
    redis = Redis.from_url(settings.queue_url, socket_timeout=2, socket_connect_timeout=2)
    http = http_client(replacements.transport)
    pins = PinChecks(
        PinHasher(
            settings.pin_peppers,
            current_pepper=settings.pin_pepper_version,
            cost=replacements.pin_cost or HashCost(),
        ),
        threads=settings.pin_threads,
        waiting=settings.pin_waiting,
    )
    metrics = Metrics()
    office = membership_office(settings)
    sessions = RedisConnection(settings.redis_url)
    screens = ShownBuffer(database, lost=metrics.screens_lost)
    return System(
        settings=settings,
        clock=clock,
        ids=ids,
        database=database,
        sessions=sessions,
        redis=redis,
        http=http,
        pins=pins,
        metrics=metrics,
        screens=screens,
        networks=networks_of(settings.ussd_networks, PLAYED if settings.is_demo else NETWORKS),
        engine=_engine(settings, clock, ids, database, pins, sessions, metrics, screens, office),
        callbacks=StkCallbacks(database=database, clock=clock, ids=ids, count=metrics.callback),
        bench=_workbench(settings, clock, ids, database, redis, http, office),
        admin=AdminDesk(
            database=database,
            clock=clock,
            ids=ids,
            checks=pins,
            keys=StaffKeys.of(settings.staff_key),
            limits=SignInLimits(redis),
            catalogue=load_catalogue(institution(settings)),
            actions=ACTIONS,
            statements=statement_office(institution(settings)),
            sealer=office.sealer,
            institution=settings.institution_name,
            is_demo=settings.is_demo,
        ),
        statements=StatementLinks(
            database=database,
            clock=clock,
            office=statement_office(institution(settings)),
            links=office.links,
        ),
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


def _engine(
    settings: Settings,
    clock: Clock,
    ids: Ids,
    database: Database,
    pins: PinChecks,
    sessions: RedisConnection,
    metrics: Metrics,
    screens: ShownBuffer,
    office: MembershipOffice,
) -> Engine:
    catalogue, flows = load_catalogue(institution(settings)), all_flows()
    keys = Keys.read(settings.menu_keys)
    refuse_faulty(flows, catalogue, keys)
    # The lease must outlast a turn that first waited for another one's answer.
    wait_seconds = 2.5
    store = RedisSessionStore(
        sessions, clock, lease_seconds=wait_seconds + settings.turn_seconds + 1, wait_seconds=wait_seconds
    )
    return Engine(
        store=store,
        desk=BranchDesk(database=database, clock=clock, ids=ids, pins=pins, office=office),
        clock=clock,
        catalogue=catalogue,
        flows=flows,
        fingerprint=Fingerprint(settings.session_key.encode()),
        funnel=metrics,
        witness=screens,
        settings=EngineSettings(keys=keys, turn_seconds=settings.turn_seconds),
    )


def _workbench(
    settings: Settings,
    clock: Clock,
    ids: Ids,
    database: Database,
    redis: Redis,
    http: httpx.AsyncClient,
    office: MembershipOffice,
) -> Workbench:
    recorder = LogRecorder()
    daraja = daraja_client(
        DarajaSettings(
            base_url=settings.daraja_url,
            consumer_key=settings.daraja_consumer_key,
            consumer_secret=settings.daraja_consumer_secret,
            shortcode=settings.paybill,
            passkey=settings.daraja_passkey,
            callback_base=settings.public_url + settings.webhook_prefix,
        ),
        http=http,
        recorder=recorder,
        cache=RedisTokenCache(redis, consumer_key=settings.daraja_consumer_key, clock=clock),
        clock=clock,
    )
    messenger = AfricasTalkingMessenger(
        AfricasTalkingSettings(
            base_url=settings.africastalking_url,
            username=settings.africastalking_username,
            api_key=settings.africastalking_api_key,
            sender=settings.africastalking_sender,
        ),
        http=http,
        recorder=recorder,
    )
    return Workbench(
        database=database,
        clock=clock,
        ids=ids,
        collector=DarajaCollector(daraja),
        enquiry=DarajaEnquiry(daraja),
        messenger=messenger,
        render=with_secrets(
            partial(render_notice, load_catalogue(institution(settings))), office.codes, office.links
        ),
    )
