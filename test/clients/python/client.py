"""
Calls every operation of the official Python SDK against a running Waymark. Where the service is, and as whom to call, is said only by the
settings that the SDK reads itself: HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK, HUAWEICLOUD_SDK_REGION_DNS_MY_REGION_1,
HUAWEICLOUD_SDK_IAM_ENDPOINT and REQUESTS_CA_BUNDLE. SETUP is JSON about what exists beside: networks, addresses, a second account.
"""
import json
import os
import sys

import connections
import delegation
import lines
import networks
import ptrs
import record_sets
import resolver
import tags
import tasks
import zones
from suite import Suite

setup = json.loads(os.environ["SETUP"])
suite = Suite(connections.connect())
connections.check_all(suite, setup)
for part in (zones, networks, record_sets, tasks, lines, tags, ptrs, resolver, delegation):
    with suite.topic(part.__name__.replace("_", " ")):
        part.check_all(suite, setup)
sys.exit(suite.end())
