"""Serves moto on a free loopback port, one request after the other: alone it is not atomic, and two conditional writes both win."""

import copy
import logging
import threading
from collections import defaultdict

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

try:
    from moto.dynamodb.models.table import Table
except ImportError:
    Table = None


def remember(table, memo):
    """What a transaction that fails goes back to. Moto copies every item of the table for each action, which takes seconds where
    there are thousands; an item that is put is another object, so that it is enough to know which were there. (A transaction with
    an update would change an item in place: the tests' have puts and deletes alone.)"""
    remembered = copy.copy(table)
    remembered.items = defaultdict(dict)
    for partition, items in table.items.items():
        remembered.items[partition] = copy.copy(items)
    return remembered


if Table is not None:
    Table.__deepcopy__ = remember


class OneAtATime:
    """A WSGI application that holds a lock for as long as a request is worked on."""

    def __init__(self, application):
        self.application = application
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        with self.lock:
            return list(self.application(environ, start_response))


logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = make_server("127.0.0.1", 0, OneAtATime(DomainDispatcherApplication(create_backend_app)), threaded=True)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
