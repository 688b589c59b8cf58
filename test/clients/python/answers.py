"""What the DNS server of the service answers."""
import time

import dns.flags
import dns.message
import dns.query
import dns.rdatatype


def wait_for(setup, name, record_type, expected):
    """Asks until the values of the answer are these, for at most ten seconds."""
    end = time.monotonic() + 10
    while True:
        query = dns.message.make_query(name, record_type)
        query.flags &= ~dns.flags.RD
        answer = dns.query.udp(query, "127.0.0.1", port=setup["dnsPort"], timeout=2)
        wanted = dns.rdatatype.from_text(record_type)
        values = sorted(data.to_text() for each in answer.answer if each.rdtype == wanted for data in each)
        if values == sorted(expected):
            return
        assert time.monotonic() < end, f"{name} {record_type} is {values}, not {expected}"
        time.sleep(0.05)
