"""Drawn requests: never a 500, and every answer as described. A longer run: `BIHUAN_TEST_DRAWN=200 pytest …`."""

import os
import random

from django.test import Client

from scripts.openapi import described
from tests.api.fuzzing import Description, Drawing, ask, fault_of, ids_there_are

DRAWN = int(os.environ.get("BIHUAN_TEST_DRAWN", "4"))
SEED = int(os.environ.get("BIHUAN_TEST_SEED", "1"))


def test_no_request_is_too_odd_to_be_answered_as_described(campaign, program):
    campaign.carry_to("ALIGN")
    description, faults, statuses = Description(described()), [], set()
    client = Client(raise_request_exception=False)
    drawing = Drawing(description, random.Random(SEED), ids_there_are())
    secrets = [program(office).secret for office in ("产品经理", "市场部负责人", "PMO专员")]
    for operation in description.operations():
        for number in range(DRAWN):
            drawing.oddity = 0.02 + 0.3 * number / DRAWN
            said, response = ask(client, drawing, operation, secrets[number % len(secrets)])
            statuses.add(response.status_code)
            if fault := fault_of(description, operation, response):
                faults.append((str(operation), fault, said[:600]))
    assert faults == []
    assert statuses >= {200, 400, 404, 422}
