"""For machines that watch: alive, ready, figures."""

from typing import Any

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from engine import clock
from engine.errors import EngineError
from engine.queries import incidents
from web import identity
from web.permissions import ANYONE, access

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@access(ANYONE)
def alive() -> Any:
    return Response("ok\n", mimetype="text/plain")


@pages.get("/readyz")
@access(ANYONE)
def ready() -> Any:
    """Whether the store answers."""
    try:
        with identity.reading() as connection:
            incidents.load(connection, clock.now())
    except EngineError:
        return Response("the store does not answer\n", 503, mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")


@pages.get("/metrics")
@access(ANYONE)
def metrics() -> Any:
    """Figures of the jobs, without anything of a case."""
    with identity.reading() as connection:
        load = incidents.load(connection, clock.now())
    registry = CollectorRegistry()
    for name, about, value in (
        ("renoflow_jobs_ready", "jobs that wait for their time", load.ready),
        ("renoflow_jobs_overdue", "jobs whose time has come", load.overdue),
        ("renoflow_incidents", "jobs that were given up", load.incidents),
        ("renoflow_oldest_wait_seconds", "how long the oldest overdue job waits", load.oldest_wait.total_seconds()),
    ):
        Gauge(name, about, registry=registry).set(value)
    return Response(generate_latest(registry), mimetype="text/plain; version=0.0.4; charset=utf-8")
