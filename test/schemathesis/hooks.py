"""What schemathesis needs to know of this API to get beyond its first refusals, and one check more.

An Idempotency-Key is new for each operation, or nearly everything would be 422 for the key of another request; every fourth
request keeps the key that was generated, so that replays and mismatches are met, too. An id that was made up becomes, half of
the time, that of a payment there is, in a status in which the step makes sense. Most payments are to be captured by hand, and
most payers' tokens are ones that the simulated bank approves. The coverage phase cannot make a header with quotation marks, as
If-Match needs them.

Some requests that fit the document are refused all the same, for reasons that no schema can say. The configuration allows their
statuses; the check allows nothing but the reasons.
"""

import itertools
import re

import schemathesis
from schemathesis import GenerationMode

KEY = re.compile(r"^[A-Za-z0-9_.:-]{16,128}$")
TAG = re.compile(r'^(\*|(W/)?"[^"]*")$')
count = itertools.count(1)
#: Status by id.
payments = {}
#: In which status a payment is worth each step.
WORTH = {
    "authorize": {"created"},
    "qr": {"created"},
    "capture": {"authorized"},
    "refunds": {"captured", "partially_refunded"},
}


def fits_the_document(case):
    return case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE


@schemathesis.hook
def before_call(context, case, kwargs):
    if not fits_the_document(case):
        return
    number = next(count)
    if number % 4 and case.headers and KEY.match(str(case.headers.get("Idempotency-Key", ""))):
        case.headers["Idempotency-Key"] = f"fuzzing-key-{number:08}"
    if not TAG.match(str((case.headers or {}).get("If-Match", "*"))):
        case.headers["If-Match"] = f'"{number % 3 + 1}"'
    if number % 2 and not str((case.path_parameters or {}).get("id", "pay_")).startswith("pay_"):
        wanted = WORTH.get(case.operation.path.rsplit("/", 1)[-1])
        ids = [id for id, status in payments.items() if wanted is None or status in wanted]
        if ids:
            case.path_parameters["id"] = ids[number % len(ids)]
    if number % 3 and isinstance(case.body, dict) and "payer" in case.body:
        case.body["payer"]["token"] = "tok_approve"
    if number % 3 and isinstance(case.body, dict) and "reference" in case.body:
        case.body["captureMethod"] = "manual"


@schemathesis.hook
def after_call(context, case, response):
    if response.status_code in (200, 201) and case.operation.path.startswith("/v1/payments"):
        if response.headers.get("content-type", [""])[0].startswith("application/json"):
            payment = response.json()
            if "status" in payment:
                payments[payment["id"]] = payment["status"]


OPERATION = {"idempotency-mismatch", "payment-declined", "version-mismatch"}
AMOUNT = {"amount-mismatch", "amount-exceeded", "currency-mismatch"}
#: Codes with which each operation may refuse what fits the document, besides 401, 403, 404 and 409.
REASONS = {
    "POST /v1/payments": {"idempotency-mismatch", "invalid-request"},
    "GET /v1/payments": {"invalid-request"},
    "GET /v1/payments/{id}/qr": {"payment-not-payable"},
    "POST /v1/payments/{id}/authorize": OPERATION | AMOUNT | {"qr-mismatch"},
    "POST /v1/payments/{id}/capture": OPERATION | AMOUNT,
    "POST /v1/payments/{id}/cancel": OPERATION,
    "POST /v1/payments/{id}/refunds": OPERATION | AMOUNT,
    "PUT /v1/merchants/{merchantId}": {"invalid-request"},
    "POST /v1/qr/encode": {"qr-invalid", "invalid-request"},
    "POST /v1/qr/decode": {"qr-invalid"},
}
#: Members that `invalid-request` may then complain of.
PLACES = {
    # The merchant's account may not take this currency or amount, and it may have no account of the scheme;
    # an object whose keys are bounded cannot be said in what API Gateway understands.
    "POST /v1/payments": re.compile(r"^/(amount|scheme|metadata)"),
    # A cursor is what a listing gave, and nothing else.
    "GET /v1/payments": re.compile(r"^\?/cursor$"),
    # An account's members depend on its scheme.
    "PUT /v1/merchants/{merchantId}": re.compile(r"^/(accounts|name|city|country|mcc|currency|local)"),
    # Either of the two, with what belongs to it.
    "POST /v1/qr/encode": re.compile(r"^/(fields|merchant|scheme|amount)"),
}


@schemathesis.check
def refused_for_a_reason(ctx, response, case):
    if not fits_the_document(case) or response.status_code not in (400, 402, 406, 410, 412, 413, 415, 421, 422):
        return
    label = case.operation.label
    problem = response.json()
    assert problem["code"] in REASONS.get(label, set()), f"{label} refused with {problem['code']}: {problem['detail']}"
    if problem["code"] == "invalid-request":
        pointers = [error.get("pointer", "") for error in problem.get("errors", [])]
        assert pointers and all(PLACES[label].match(pointer) for pointer in pointers), f"{label}: {problem['detail']}"
