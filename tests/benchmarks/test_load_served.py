"""The server that is measured sends an answer as `opis serve` does: at once."""

from contextlib import closing
from socket import IPPROTO_TCP

from benchmarks.load.running import free_port
from benchmarks.load.served import _listening


def test_no_call_waits_for_an_acknowledgement():
    with closing(_listening(free_port())) as listening:
        assert listening.proto == IPPROTO_TCP
