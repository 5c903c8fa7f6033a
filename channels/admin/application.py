"""What is the staff API, as one application? Every area's routes, mounted under /admin by the composition root."""

from typing import Final

from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware import Middleware

from channels.admin import (
    approvals,
    audit,
    currencies,
    day_close,
    demo,
    dividends,
    docs,
    holds,
    interest_rates,
    ledger,
    loan_applications,
    loan_security,
    loans_running,
    member_requests,
    members,
    periods,
    savings,
    screens,
    shares,
    sign_in,
    staff,
    standing_orders,
    statements,
    suspense,
    term_deposits,
    trial_balance_file,
    work,
)
from channels.admin.body_limit import BodyLimit
from channels.admin.desk import AdminDesk
from channels.admin.never_stored import NeverStored
from channels.admin.plain_text import plain_address
from channels.admin.problems import PROBLEMS, FieldProblem, Problem, handle_problems

VERSION: Final = "/v1"

AREAS: Final[tuple[APIRouter, ...]] = (
    sign_in.router,
    staff.router,
    members.router,
    member_requests.router,
    statements.router,
    savings.router,
    holds.router,
    term_deposits.router,
    standing_orders.router,
    interest_rates.router,
    shares.router,
    dividends.router,
    loan_applications.router,
    loan_security.router,
    loans_running.router,
    approvals.router,
    ledger.router,
    trial_balance_file.router,
    periods.router,
    suspense.router,
    currencies.router,
    day_close.router,
    work.router,
    audit.router,
    screens.router,
)
"""One router per file of routes; docs/staff-api.md says how to add one."""

_ABOUT: Final = (
    "Sign in at /admin/v1/sign-in and send the access token as a bearer token. Every write needs an Idempotency-Key."
    " Refusals are problem documents (RFC 9457) with a stable `code`."
)


def create_admin(desk: AdminDesk) -> FastAPI:
    """The application over these parts. The demo's also shows the codes of the second factor."""
    app = FastAPI(
        title=f"{desk.institution}: staff API",
        version="1",
        description=_ABOUT,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses=PROBLEMS,
        dependencies=[Depends(plain_address)],
        middleware=[Middleware(NeverStored, prefix=VERSION), Middleware(BodyLimit)],
        # Nothing here exports traces; its middleware would be paid for in each request.
        telemetry={"tracing": False, "metrics": False, "logs": False},
        routes=docs.routes(),
    )
    app.state.desk = desk
    for router in (*AREAS, demo.router) if desk.is_demo else AREAS:
        app.include_router(router, prefix=VERSION)
    handle_problems(app, desk.catalogue)
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    docs.describe(app, schema, FieldProblem.model_json_schema())
    return app
