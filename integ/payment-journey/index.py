"""A customer's way through an API: a profile, a payment, its QR code, the wallet's authorization, the payment as read again.

Signs as a merchant would. The assertion provider of integ-tests-alpha cannot sign HTTP calls, and this needs what the Lambda
runtime has anyway. Invoked with {"url": ..., "region": ...}; answers what the assertions look at.
"""

import json
import urllib.error
import urllib.request
import uuid

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

PROFILE = {
    "name": "Kopi Corner",
    "city": "Singapore",
    "country": "SG",
    "mcc": "5812",
    "currency": "SGD",
    "accounts": [{"scheme": "emv", "template": "26", "fields": {"00": "com.example.pay", "01": "12345678"}}],
}


def handler(event, _context):
    call = caller(event["url"], event["region"])
    account = boto3.client("sts").get_caller_identity()["Account"]
    amount = {"currency": "SGD", "value": 1250}

    profile, _ = call("PUT", f"/v1/merchants/{account}", PROFILE)
    created, body = call("POST", "/v1/payments", {"amount": amount, "reference": str(uuid.uuid4())})
    payment = json.loads(body)["id"]
    picture, png = call("GET", f"/v1/payments/{payment}/qr", accept="image/png")
    paid, _ = call("POST", f"/v1/payments/{payment}/authorize", {"payer": {"token": "tok_approve"}})
    read, body = call("GET", f"/v1/payments/{payment}")
    unsigned, problem = send(urllib.request.Request(event["url"] + "/v1/payments"))

    return {
        "statuses": {"profile": profile, "created": created, "picture": picture, "paid": paid, "read": read},
        "isPng": png.startswith(b"\x89PNG"),
        "payment": {key: json.loads(body)[key] for key in ("status", "amount", "captured")},
        "unsigned": {"status": unsigned, "code": json.loads(problem)["code"]},
    }


def caller(url, region):
    credentials = boto3.Session().get_credentials()

    def call(method, path, body=None, accept="application/json"):
        headers = {"Accept": accept}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        data = None if body is None else json.dumps(body).encode()
        request = AWSRequest(method=method, url=url + path, data=data, headers=headers)
        SigV4Auth(credentials, "execute-api", region).add_auth(request)
        signed = request.prepare()
        return send(urllib.request.Request(signed.url, signed.body, dict(signed.headers), method=method))

    return call


def send(request):
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
