"""Requests that are sent without the openai package, as they are traced."""

from __future__ import annotations

import textwrap

import pytest

from migrator.analysis.extract.addresses import written
from migrator.analysis.reading import analyse
from migrator.analysis.sites import CallFacts, Kind, Site

CHAT = "https://api.openai.com/v1/chat/completions"


def requests_in(text: str, **more: str) -> list[tuple[Site, CallFacts]]:
    files = {"app.py": text, **{f"{name}.py": code for name, code in more.items()}}
    sources = {path: textwrap.dedent(code).encode() for path, code in files.items()}
    return [
        (site, site.facts)
        for site in analyse(sources, {}, list(sources)).sites
        if site.kind is Kind.RAW_HTTP and isinstance(site.facts, CallFacts)
    ]


def urls(text: str, **more: str) -> list[str]:
    return [
        written(address)
        for _, facts in requests_in(
            "import os, requests\nfrom urllib.parse import urljoin\n" + text, **more
        )
        if facts.http is not None
        for address in facts.http.addresses
    ]


PUT_TOGETHER = {
    "one literal": f"requests.post('{CHAT}')",
    "a constant and a path": (
        "B = 'https://api.openai.com/v1'\nrequests.post(B + '/chat/completions')"
    ),
    "an f-string": "H = 'https://api.openai.com'\nrequests.post(f'{H}/v1/chat/completions')",
    "nested": (
        "H = 'api.openai.com'\nB = f'https://{H}/v1'\nP = 'chat/completions'\n"
        "requests.post(f'{B}/{P}')"
    ),
    "urljoin": "requests.post(urljoin('https://api.openai.com/v1/', 'chat/completions'))",
    "an attribute": (
        "class A:\n    base = 'https://api.openai.com/v1'\n"
        "    def ask(self):\n        return requests.post(self.base + '/chat/completions')"
    ),
    "a function's parameter": (
        "def post(path):\n    return requests.post('https://api.openai.com/v1/' + path)\n"
        "post('chat/completions')"
    ),
    "stripped": (
        "B = 'https://api.openai.com/v1/'\nrequests.post(B.rstrip('/') + '/chat/completions')"
    ),
    "a dictionary": f"URLS = {{'chat': '{CHAT}'}}\nrequests.post(URLS['chat'])",
    "another file": "from names import BASE\nrequests.post(f'{BASE}/chat/completions')",
}


@pytest.mark.parametrize("text", PUT_TOGETHER.values(), ids=list(PUT_TOGETHER))
def test_a_url_is_put_together(text: str) -> None:
    found = urls(text, names="BASE = 'https://api.openai.com/v1'\n")
    assert [url.replace("v1//", "v1/") for url in found] == [CHAT]


def test_a_variable_with_a_fallback_gives_two_addresses() -> None:
    text = "B = os.getenv('OPENAI_BASE_URL', 'https://api.openai.com/v1')\n"
    text = f"import os, requests\n{text}requests.get(B + '/models')\n"
    [(_, facts)] = requests_in(text)
    assert facts.http is not None
    assert facts.http.address_known
    assert [read.name for read in facts.http.reads] == ["OPENAI_BASE_URL"]
    assert len(facts.http.addresses) == 2
    assert facts.api == "models.list"


ENDPOINTS = {
    "requests.get('https://api.openai.com/v1/models')": "models.list",
    "requests.get(f'https://api.openai.com/v1/models/{os.name}')": "models.retrieve",
    "requests.post('https://api.openai.com/v1/embeddings')": "embeddings.create",
    "requests.delete(f'https://api.openai.com/v1/files/{os.name}')": "files.delete",
    "requests.post('https://api.openai.com/v1/images/generations')": "images.generate",
    "requests.post('https://api.openai.com/v1/audio/speech')": "audio.speech.create",
    "requests.get('https://api.openai.com/v1/dashboard')": "",
    "requests.request(os.name, 'https://api.openai.com/v1/files')": "",
    "requests.post('https://api.openai.com/v1/' + os.name)": "",
}


@pytest.mark.parametrize(("call", "api"), ENDPOINTS.items())
def test_the_endpoint_is_told_by_method_and_route(call: str, api: str) -> None:
    [(_, facts)] = requests_in(f"import os, requests\n{call}\n")
    assert facts.api == api


def test_a_helper_for_several_endpoints_is_told_by_its_callers() -> None:
    text = """
    import requests
    def call(path, **body):
        return requests.post("https://api.openai.com/v1" + path, json=body)
    call("/chat/completions", model="gpt-4o", messages=[])
    call("/embeddings", model="text-embedding-3-small", input="x")
    """
    found = requests_in(text)
    assert [(site.span.line, facts.api) for site, facts in found] == [
        (5, "chat.completions.create"),
        (6, "embeddings.create"),
    ]
    assert [facts.model_values for _, facts in found] == [("gpt-4o",), ("text-embedding-3-small",)]


def test_headers_are_gathered_from_the_client_and_the_call() -> None:
    text = """
    import os, requests
    session = requests.Session()
    session.headers.update({"Authorization": "Bearer " + os.environ["OPENAI_API_KEY"]})
    session.headers["OpenAI-Organization"] = "org-example"
    session.post("https://api.openai.com/v1/embeddings", headers={"X": "y"}, json={"input": "x"})
    """
    [(_, facts)] = requests_in(text)
    assert facts.http is not None
    assert {one.name for one in facts.http.headers} == {"Authorization", "OpenAI-Organization", "X"}
    assert [read.name for read in facts.http.key_reads] == ["OPENAI_API_KEY"]


def test_a_request_by_curl_is_traced() -> None:
    text = f"""
    import json, os, subprocess
    body = {{"model": "gpt-4o", "messages": []}}
    header = f"Authorization: Bearer {{os.environ['OPENAI_API_KEY']}}"
    subprocess.run(["curl", "{CHAT}", "-H", header, "-d", json.dumps(body)], check=True)
    """
    [(site, facts)] = requests_in(text)
    assert (site.detail, facts.api, facts.model_values) == (
        "curl",
        "chat.completions.create",
        ("gpt-4o",),
    )
    assert facts.http is not None
    assert [read.name for read in facts.http.key_reads] == ["OPENAI_API_KEY"]


def test_another_command_is_no_request() -> None:
    text = f"import subprocess\nsubprocess.run(['wget', '{CHAT}'])\n"
    assert requests_in(text) == []


def test_a_request_to_somebody_else_is_none() -> None:
    text = "import requests\nrequests.post('https://llm.example.com/v1/embeddings', json={})\n"
    assert requests_in(text) == []


@pytest.mark.parametrize(
    "address",
    ["'http://[10]/v1/chat'", "f'http://[{n}]:80/v1'", "urljoin('http://[10]/', 'http://[::')"],
)
def test_what_is_no_url_is_no_request(address: str) -> None:
    assert urls(f"n = os.getpid()\nrequests.post({address}, json={{'model': 'gpt-4o'}})") == []


def test_a_model_that_somebody_else_is_asked_for_too_is_not_openais_alone() -> None:
    text = f"""
    import requests
    MODEL = "gpt-4o"
    requests.post("{CHAT}", json={{"model": MODEL}})
    requests.post("https://llm.example.com/v1/chat/completions", json={{"model": MODEL}})
    """
    sources = {"app.py": textwrap.dedent(text).encode()}
    models = [s for s in analyse(sources, {}, list(sources)).sites if s.kind is Kind.MODEL]
    assert [getattr(site.facts, "foreign", None) for site in models] == [True]


@pytest.mark.parametrize("text", ["see [10] for more", "http://[1]/v1/chat/completions", "["])
def test_a_string_with_brackets_is_no_address(text: str) -> None:
    assert urls(f"requests.post({text!r}, data='openai')") == []


def test_nothing_is_asked_for_at_a_bare_base_url() -> None:
    text = """
    import requests
    class Field:
        def __init__(self, value): self.value = value
    fields = {"ours": Field("https://api.openai.com/v1"), "theirs": Field("https://example.com/x")}
    def send(name): return requests.post(fields[name].value, json={})
    """
    assert requests_in(text) == []
    found = analyse({"app.py": textwrap.dedent(text).encode()}, {}, ["app.py"]).sites
    assert [site.detail for site in found] == ["https://api.openai.com/v1"]


AUTH = "https://api.openai.com/auth"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"import json\nNAME = '{AUTH}'\ndef of(token):\n    json.loads(token).get(NAME)", 0),
        (f"NAME = '{AUTH}'\nclaims = {{}}\nclaims.get(NAME)", 0),
        (f"import json\nNAME = '{AUTH}'\njson.loads(input())[NAME]", 0),
        (f"claims = {{'{AUTH}': {{'user': 'ann'}}}}", 0),
        (f"NAME = '{AUTH}'\nrequests.get(NAME)\n{{}}.get(NAME)", 2),
        (f"def of(session):\n    session.get('{AUTH}')", 1),
        (f"LIMITS = {{'{CHAT}': 3}}\nLIMITS.get('{CHAT}')", 2),
    ],
)
def test_an_address_that_only_names_something_is_none(text: str, told: int) -> None:
    found = analyse({"app.py": f"import requests\n{text}\n".encode()}, {}, ["app.py"])
    assert len([one for one in found.sites if one.kind is Kind.RAW_HTTP]) == told
