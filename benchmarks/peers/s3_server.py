"""An S3 service on loopback (moto): ``python -m benchmarks.peers.s3_server`` prints its port and serves until it is ended."""

from __future__ import annotations

import threading

from moto.server import ThreadedMotoServer

if __name__ == "__main__":
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    print(server.get_host_and_port()[1], flush=True)  # noqa: T201 - how the figure learns the port
    threading.Event().wait()
