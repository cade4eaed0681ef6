"""Join the parts together: settings in, engine out."""

from engine.db import schema
from engine.db.session import Store
from engine.errors import EngineError
from engine.executor import Engine
from engine.service_tasks import registry
from engine.settings import Settings


def build_engine(settings: Settings) -> Engine:
    """Open the database and make the engine on it.

    Raises:
        SchemaTooOld, SchemaTooNew: The database was not made for this release.
    """
    registry.load()
    store = Store(settings.url)
    try:
        schema.check(store.engine)
    except EngineError:
        store.close()
        raise
    return Engine(store, settings)
