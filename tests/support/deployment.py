"""A deployment that needs nobody: the environment of a web process."""

import base64

KEY = base64.b64encode(bytes(range(32))).decode()
PHONE = "919876543210"
NUMBER_ID = "10555000111"

ENVIRON = {
    "LETHE_MASTER_KEY": KEY,
    "LETHE_PEPPER": KEY,
    "LETHE_APP_SECRET": "app-secret-of-the-tests",
    "LETHE_VERIFY_TOKEN": "verify-token-of-the-tests",
    "LETHE_ACCESS_TOKEN": "access-token-of-the-tests",
    "LETHE_PHONE_NUMBER_ID": NUMBER_ID,
    "LETHE_WABA_ID": "20777000111",
    "LETHE_MOON_ACCESS_TOKEN": "access-token-of-the-moon",
    "LETHE_MOON_PHONE_NUMBER_ID": "10555000222",
    "LETHE_MOON_WABA_ID": "20777000222",
    "LETHE_GRAPH_URL": "http://127.0.0.1:9/v26.0",
    "LETHE_REDIS_URL": "unix:///nowhere/lethe.sock",
    "LETHE_API_TOKEN": "api-token-of-the-tests",
}
