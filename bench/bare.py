"""A peer: the least that a Flask webhook does. The signature is checked, the JSON read, and nothing kept."""

import hmac

import orjson
from flask import Flask, Response, request

from bench.bodies import SECRET

app = Flask(__name__)


@app.post("/webhook")
def receive() -> Response:
    """Answer 200 to what is signed."""
    raw = request.get_data(cache=False)
    signed = "sha256=" + hmac.digest(SECRET.encode(), raw, "sha256").hex()
    if not hmac.compare_digest(signed, request.headers.get("X-Hub-Signature-256", "")):
        return Response(status=401)
    orjson.loads(raw)
    return Response(status=200)
