"""Drawn requests: never a 500, and every answer as described. A longer run: `BIHUAN_TEST_DRAWN=200 pytest …`."""

import json
import os
import random
import re

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


def test_a_number_beyond_every_table_is_no_fault(campaign, program):
    secret = program("PMO专员").secret
    client = Client(raise_request_exception=False, headers={"authorization": f"Bearer {secret}"})
    asked = [
        (re.sub(r"\{[^}]*\}", "1", path), said["name"])
        for path, methods in json.loads(described())["paths"].items()
        for said in methods.get("get", {}).get("parameters", [])
        if said["in"] == "query" and '"integer"' in json.dumps(said["schema"])
    ]
    assert ("/api/v1/organisation/history", "person_id") in asked
    answered = {(path, name): client.get(path, {name: 2**63}).status_code for path, name in asked}
    assert {place: status for place, status in answered.items() if status >= 500} == {}
