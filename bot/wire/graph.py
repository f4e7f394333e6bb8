"""The other calls of the Graph API: templates, numbers, media, the contact book. Seldom used, so plain requests."""

import json
from collections.abc import Iterator
from http.cookiejar import DefaultCookiePolicy
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import quote, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError, SSLError

from bot.wire.errors import Outcome, SendError
from bot.wire.payload.scalars import part, parts
from bot.wire.transport import base, is_loopback, trust, verdict

Json = dict[str, Any]

TEMPLATE_FIELDS = (
    "id,name,language,status,category,sub_category,previous_category,correct_category,parameter_format,components,"
    "quality_score,rejected_reason,library_template_name,message_send_ttl_seconds"
)
NUMBER_FIELDS = (
    "id,display_phone_number,verified_name,quality_rating,status,name_status,platform_type,throughput,"
    "code_verification_status,whatsapp_business_manager_messaging_limit"
)
_PAGE = 100
_MOST_PAGES = 1000
_BAD_CURSOR = 131059
_RESTARTS = 3
_NOT_FOUND = 404
_INVALID = 100
_CHUNK = 65_536
_MOST_JSON = 8 << 20
_OK = 200
# Where Meta keeps media. The token goes nowhere else, whatever address a webhook names.
_MEDIA_HOSTS = ("facebook.com", "fbcdn.net", "fbsbx.com", "whatsapp.net")


class Graph:
    """Calls to the Graph API; raises SendError like the messages call. Threads may share one."""

    def __init__(
        self, base_url: str, *, ca_file: str | None = None, timeout: tuple[float, float] = (3.05, 30.0)
    ) -> None:
        self._host = base(base_url).hostname
        self._base = base_url.rstrip("/")
        self._timeout = timeout
        self._session = requests.Session()
        # Neither proxies nor a .netrc of the environment: what goes to Meta goes straight there.
        self._session.trust_env = False
        # Cookies are all that threads would share.
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        if base_url.startswith("https:"):
            self._session.mount("https://", _Trusting(ca_file))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the kept connections."""
        self._session.close()

    def templates(self, waba_id: str, token: str) -> Iterator[Json]:
        """Yield every template of the account, each once, page by page; a lost page mark starts the list again."""
        fields = {"fields": TEMPLATE_FIELDS, "limit": str(_PAGE)}
        return self._pages(f"{node(waba_id)}/message_templates", token, fields)

    def numbers(self, waba_id: str, token: str) -> list[Json]:
        """Return the business numbers of the account."""
        fields = {"fields": NUMBER_FIELDS, "limit": str(_PAGE)}
        return list(self._pages(f"{node(waba_id)}/phone_numbers", token, fields))

    def number_info(self, number_id: str, token: str) -> Json:
        """Return what Meta knows of a business number: name, quality, throughput, sending limit."""
        return self._call("GET", node(number_id), token, params={"fields": NUMBER_FIELDS})

    def upload_media(self, number_id: str, token: str, data: bytes, mime: str, filename: str) -> str:
        """Upload a file and return its id. Meta keeps it for 30 days unless it is deleted."""
        form = {"messaging_product": "whatsapp", "type": mime}
        file = {"file": (filename, data, mime)}
        return _named(self._call("POST", f"{node(number_id)}/media", token, data=form, files=file), "id")

    def delete_media(self, media_id: str, token: str) -> bool:
        """Delete a file at Meta; False if Meta does not know it (any more)."""
        try:
            return self._call("DELETE", node(media_id), token).get("success") is True
        except SendError as refusal:
            # Meta answers "does not exist, or you may not see it" alike.
            if refusal.outcome is Outcome.REFUSED and (refusal.code == _INVALID or refusal.http_status == _NOT_FOUND):
                return False
            raise

    def delete_contact(self, number_id: str, token: str, bsuid: str) -> bool:
        """Delete a person from the contact book that Meta keeps for the business; False if there was no entry."""
        params = {"messaging_product": "whatsapp", "bsuid": bsuid}
        return self._call("DELETE", f"{node(number_id)}/contact_book", token, params=params).get("deleted") is True

    def media_url(self, media_id: str, token: str) -> str:
        """Return where a file can be fetched during the next five minutes."""
        return _named(self._call("GET", node(media_id), token), "url")

    def download(self, url: str, token: str, *, max_bytes: int) -> bytes:
        """Return the file at an address that Meta gave; more than `max_bytes` of it raise ValueError."""
        address = urlsplit(url)
        meta = address.scheme == "https" and _is_meta(address.hostname or "")
        if not meta and not (address.hostname == self._host and is_loopback(self._host)):
            raise ValueError("the address of a file is not Meta's")
        answer = self._exchange("GET", url, token, max_bytes)
        if answer.status != _OK:
            raise _failure(answer)
        if len(answer.raw) > max_bytes:
            raise ValueError("the file is larger than allowed")
        return answer.raw

    def _pages(self, path: str, token: str, params: dict[str, str]) -> Iterator[Json]:
        seen: set[str] = set()
        mark, restarts = "", 0
        for _ in range(_MOST_PAGES):
            try:
                page = self._call("GET", path, token, params=params | ({"after": mark} if mark else {}))
            except SendError as fault:
                if fault.code != _BAD_CURSOR or restarts == _RESTARTS:
                    raise
                mark, restarts = "", restarts + 1
                continue
            fresh = [item for item in parts(page.get("data")) if str(item.get("id")) not in seen]
            seen.update(str(item.get("id")) for item in fresh)
            yield from fresh
            mark = _next_mark(page, mark)
            if not mark:
                return

    def _call(self, method: str, path: str, token: str, **options: Any) -> Json:
        answer = self._exchange(method, f"{self._base}/{path}", token, _MOST_JSON, **options)
        found = _read(answer)
        if isinstance(found, SendError):
            raise found
        return found

    def _exchange(self, method: str, url: str, token: str, most: int, **options: Any) -> "_Answer":
        """Return status and body, one byte more than `most` at the most; raise SendError where there is none."""
        headers = {"Authorization": f"Bearer {token}"}
        try:
            with self._session.request(
                method, url, headers=headers, timeout=self._timeout, allow_redirects=False, stream=True, **options
            ) as response:
                told = response.headers.get
                return _Answer(response.status_code, _capped(response, most), told("Retry-After"), told("Date"))
        except (requests.RequestException, HTTPError) as fault:
            outcome = _outcome(fault)
        # Raised out here, so that nothing hangs on it: requests' errors hold the address and the token.
        raise SendError(outcome)


class _Answer(NamedTuple):
    status: int
    raw: bytes
    retry_after: str | None
    date: str | None


class _Trusting(HTTPAdapter):
    """Trusts the operator's own authority too."""

    def __init__(self, ca_file: str | None) -> None:
        self._context = trust(ca_file)
        super().__init__()

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:  # noqa: FBT001, FBT002
        super().init_poolmanager(connections, maxsize, block, ssl_context=self._context, **options)


def node(id_: str) -> str:
    """Return an id as one part of an address, whatever it holds."""
    return quote(id_, safe="")


def _is_meta(host: str) -> bool:
    return any(host == known or host.endswith(f".{known}") for known in _MEDIA_HOSTS)


def _named(answer: Json, key: str) -> str:
    value = answer.get(key)
    if not isinstance(value, str) or not value:
        raise SendError(Outcome.UNKNOWN, None, _OK)
    return value


def _next_mark(page: Json, last: str) -> str:
    """Return the mark of the next page, or an empty one: the address in `next` holds the token, so it is not used."""
    paging = part(page.get("paging"))
    mark = part(paging.get("cursors")).get("after")
    return mark if paging.get("next") and isinstance(mark, str) and mark != last else ""


def _capped(response: requests.Response, most: int) -> bytes:
    raw = b""
    for chunk in response.iter_content(_CHUNK):
        raw += chunk
        if len(raw) > most:
            break
    return raw[: most + 1]


def _read(answer: _Answer) -> Json | SendError:
    try:
        data = json.loads(answer.raw)
    except (ValueError, RecursionError):
        data = None
    return verdict(answer.status, data, answer.retry_after)


def _failure(answer: _Answer) -> SendError:
    found = _read(answer)
    return found if isinstance(found, SendError) else SendError(Outcome.UNKNOWN, None, answer.status)


def _outcome(fault: Exception) -> Outcome:
    """Return NOT_SENT where no connection came about, else UNKNOWN."""
    if isinstance(fault, requests.ConnectTimeout):
        return Outcome.NOT_SENT
    reason = fault.args[0].reason if fault.args and isinstance(fault.args[0], MaxRetryError) else None
    return Outcome.NOT_SENT if isinstance(reason, NewConnectionError | SSLError) else Outcome.UNKNOWN
