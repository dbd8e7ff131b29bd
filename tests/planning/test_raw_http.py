"""Requests that are sent without the openai package: what moves, and why the rest stays."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import Kind
from tests.planning.builders import ASK, URL, Convert, items_of, planned

KEY = "headers = {'Authorization': f'Bearer {os.environ[\"OPENAI_API_KEY\"]}'}"
HEAD = f"import os\nimport requests\n{KEY}\n"
CHAT = "https://api.openai.com/v1/chat/completions"


def post(arguments: str, url: str = f"'{CHAT}'", head: str = HEAD) -> str:
    return f"{head}def ask(q, **more):\n    return requests.post({url}, {arguments})\n"


MESSAGES = ASK.replace("messages=", '"messages": ')
BODY = f'{{"model": "gpt-4o", {MESSAGES}}}'


def test_address_key_model_and_parameters_move_together() -> None:
    found = planned(post(f"headers=headers, json={BODY}"))
    after = found.after()
    assert f"'{URL}/chat/completions'" in after
    assert 'os.environ["DASHSCOPE_API_KEY"]' in after
    assert '"model": "qwen3.7-plus"' in after
    assert '"enable_thinking": False' in after
    assert "extra_body" not in after
    request = next(
        one
        for one in found.plan.decisions
        if one.site.kind is Kind.RAW_HTTP and one.site.detail == "requests.post"
    )
    assert isinstance(request, Convert)
    assert items_of(request) == []


SENDERS = {
    "positional data": f"requests.post('{CHAT}', json.dumps({BODY}), headers=headers)",
    "any method": f"requests.request('POST', '{CHAT}', headers=headers, json={BODY})",
    "a session": f"requests.Session().post('{CHAT}', headers=headers, json={BODY})",
    "httpx": f"httpx.post('{CHAT}', headers=headers, content=json.dumps({BODY}))",
    "a stream of httpx": f"httpx.stream('POST', '{CHAT}', headers=headers, json={BODY})",
    "a client of httpx": (
        "httpx.Client(base_url='https://api.openai.com/v1', headers=headers)"
        f".post('/chat/completions', json={BODY})"
    ),
    "aiohttp": f"aiohttp.ClientSession(headers=headers).post('{CHAT}', json={BODY})",
    "urllib": f"urllib.request.Request('{CHAT}', json.dumps({BODY}).encode(), headers)",
    "urllib by name": (
        f"urllib.request.Request(url='{CHAT}', data=json.dumps({BODY}).encode('utf-8'), "
        "headers=headers, method='POST')"
    ),
    "a stream of bytes": (
        f"requests.post('{CHAT}', io.BytesIO(json.dumps({BODY}).encode()), headers=headers)"
    ),
    "urllib3": f"urllib3.PoolManager().request('POST', '{CHAT}', json={BODY}, headers=headers)",
    "http.client": (
        "http.client.HTTPSConnection('api.openai.com')"
        f".request('POST', '/v1/chat/completions', json.dumps({BODY}), headers)"
    ),
}


@pytest.mark.parametrize("call", SENDERS.values(), ids=list(SENDERS))
def test_every_way_of_sending_is_moved(call: str) -> None:
    head = (
        "import http.client, io, json, os, urllib.request\n"
        "import aiohttp, httpx, requests, urllib3\n"
    )
    after = planned(f"{head}{KEY}\ndef ask(q):\n    return {call}\n").after()
    assert "openai" not in after.lower()
    assert "dashscope.aliyuncs.com" in after
    assert "/compatible-mode/v1" in after
    assert "qwen3.7-plus" in after
    assert "enable_thinking" in after


GIVEN_AT_RUN_TIME = """
def setting(settings, name, variable, default):
    if name in settings:
        return settings[name].value
    return os.environ.get(variable) or default


def ask(q, settings):
    url = setting(settings, "url", "OPENAI_BASE_URL", "{base}")
    return requests.post(f"{{url}}{path}", headers=headers, json={body})
"""


def test_a_user_may_give_another_base_url_at_run_time() -> None:
    text = GIVEN_AT_RUN_TIME.format(
        base="https://api.openai.com/v1", path="/chat/completions", body=BODY
    )
    after = planned(HEAD + text).after()
    assert f'setting(settings, "url", "DASHSCOPE_BASE_URL", "{URL}")' in after
    assert 'f"{url}/chat/completions"' in after
    assert '"model": "qwen3.7-plus"' in after


def test_what_is_put_behind_a_base_url_of_the_users_does_not_become_another_path() -> None:
    text = GIVEN_AT_RUN_TIME.format(
        base="https://api.openai.com", path="/v1/chat/completions", body=BODY
    ).replace("OPENAI_BASE_URL", "GATEWAY_URL")
    found = planned(HEAD + text, target="zhipu")
    assert found.plan.edits == ()
    assert "only known in part" in found.item("raw-http").why


UNPROVEN = {
    "the body is a parameter": ("headers=headers, json=more", f"'{CHAT}'", "what it sends"),
    "the path is a parameter": (f"headers=headers, json={BODY}", "BASE + q", "endpoint"),
    "the headers come from elsewhere": (f"headers=q, json={BODY}", f"'{CHAT}'", "headers"),
    "another host may be meant": (
        f"headers=headers, json={BODY}",
        f"'{CHAT}' if q else 'https://llm.example.com/v1/chat/completions'",
        "llm.example.com",
    ),
}


@pytest.mark.parametrize(("given", "url", "why"), UNPROVEN.values(), ids=list(UNPROVEN))
def test_what_is_not_proven_stays_with_the_reason(given: str, url: str, why: str) -> None:
    head = HEAD + "BASE = 'https://api.openai.com/v1'\n"
    found = planned(post(given, url, head))
    assert found.plan.edits == ()
    assert any(why in one.why for one in found.plan.checklist if one.code == "raw-http")


def test_an_endpoint_that_is_missing_is_named() -> None:
    url = "'https://api.openai.com/v1/moderations'"
    found = planned(post("headers=headers, json={'input': q}", url))
    assert "content safety" in found.item("endpoint-missing").action
    assert found.plan.edits == ()


def test_a_picture_is_asked_for_where_links_are_read() -> None:
    url = "'https://api.openai.com/v1/images/generations'"
    body = '{"model": "dall-e-3", "prompt": q, "quality": "hd", "size": "auto"}'
    found = planned(post(f"headers=headers, json={body}", url))
    after = found.after()
    assert '{"model": "qwen-image-3.0-pro", "prompt": q}' in after
    assert "/compatible-mode/v1/images/generations" in after
    assert {"picture-links", "parameter-dropped"} <= set(found.codes())
    usual = planned(post('headers=headers, json={"prompt": q}', url))
    assert '{"prompt": q, "model": \'qwen-image-3.0\'}' in usual.after()


@pytest.mark.parametrize(
    "body",
    ['{"prompt": q, "response_format": "b64_json"}', '{"prompt": q, "model": "gpt-image-1"}'],
)
def test_a_picture_that_is_wanted_as_data_stays(body: str) -> None:
    url = "'https://api.openai.com/v1/images/generations'"
    found = planned(post(f"headers=headers, json={body}", url))
    assert found.plan.edits == ()
    assert "links are answered" in found.item("endpoint-unproven").why


def test_a_model_in_the_path_and_an_address_of_what_stays_are_told() -> None:
    text = f"{HEAD}def ask():\n    url = 'https://api.openai.com/v1/models/gpt-4o'\n"
    found = planned(f"{text}    return requests.get(url, headers=headers)\n")
    assert found.plan.edits == ()
    assert "names the model `gpt-4o`" in found.item("raw-http").why
    assert "requests.get" in found.item("address-waits").why


def test_a_key_from_a_variable_with_a_name_of_its_own_has_to_be_handed_in() -> None:
    head = HEAD.replace("OPENAI_API_KEY", "NOTES_KEY")
    found = planned(post(f"headers=headers, json={BODY}", head=head))
    assert "`NOTES_KEY`" in found.item("key-from-elsewhere").why
    assert 'os.environ["NOTES_KEY"]' in found.after()


def test_another_host_is_named_before_what_the_path_would_be() -> None:
    url = f"('{CHAT}' if q else 'https://llm.example.com/models') + '/x:stream'"
    found = planned(post(f"headers=headers, json={BODY}", url))
    assert found.plan.edits == ()
    assert "llm.example.com" in found.item("raw-http").why


SHARED_BASE = f"""
import os
import requests
BASE = "https://api.openai.com/v1"
def headers():
    return {{"Authorization": "Bearer " + os.environ["OPENAI_API_KEY"]}}
def check(q):
    return requests.post(f"{{BASE}}/moderations", headers={{}}, json={{"input": q}})
def ask(q):
    return requests.post(f"{{BASE}}/chat/completions", headers=headers(), json={BODY})
"""


def test_requests_to_one_address_move_only_together() -> None:
    found = planned(SHARED_BASE)
    assert found.plan.edits == ()
    assert "the address at app.py:3 also serves" in found.item("call-waits").why


def test_a_client_that_shares_an_address_with_a_request_that_stays_waits() -> None:
    text = SHARED_BASE.replace("import requests", "import requests\nfrom openai import OpenAI")
    text += f"""
def again(q):
    client = OpenAI(base_url=BASE)
    return client.chat.completions.create(model="gpt-4o-mini", {ASK})
"""
    found = planned(text)
    assert found.plan.edits == ()
    assert {"client-waits", "call-waits"} <= set(found.codes())


def test_a_key_that_another_request_still_needs_is_read_anew() -> None:
    text = f"""
    import os
    import requests
    KEY = os.environ["OPENAI_API_KEY"]
    def check(q):
        headers = {{"Authorization": f"Bearer {{KEY}}"}}
        url = "https://api.openai.com/v1/moderations"
        return requests.post(url, headers=headers, json={{"input": q}})
    def ask(q):
        return requests.post("{CHAT}", headers={{"Authorization": f"Bearer {{KEY}}"}}, json={BODY})
    """
    after = planned(text).after()
    assert 'KEY = os.environ["OPENAI_API_KEY"]' in after
    assert after.count("f\"Bearer {os.environ['DASHSCOPE_API_KEY']}\"") == 1
    assert after.count('f"Bearer {KEY}"') == 1


def test_the_address_is_read_from_the_providers_variable_where_it_was_read_from_one() -> None:
    head = HEAD + "BASE = os.getenv('OPENAI_BASE_URL', 'https://api.openai.com/v1')\n"
    after = planned(
        post(f"headers=headers, json={BODY}", "f'{BASE}/chat/completions'", head)
    ).after()
    assert f"os.getenv('DASHSCOPE_BASE_URL', '{URL}')" in after


def test_headers_of_openais_own_go() -> None:
    head = HEAD + "headers['OpenAI-Organization'] = 'org-example'\n"
    found = planned(post(f"headers={{**headers, 'OpenAI-Project': 'p'}}, json={BODY}", head=head))
    after = found.after()
    assert "OpenAI-" not in after
    assert "OpenAI-Project" in found.item("headers-openai").title


def test_an_event_stream_that_is_read_by_hand_moves() -> None:
    body = BODY.replace("{", '{"stream": True, ', 1)
    found = planned(post(f"headers=headers, json={body}, stream=True"))
    assert "enable_thinking" in found.after()


def test_a_dict_that_a_request_to_another_provider_receives_too_is_left() -> None:
    text = f"""
    import os
    import requests
    {KEY}
    def ask(q):
        body = {BODY}
        requests.post("https://llm.example.com/v1/chat/completions", json=body)
        return requests.post("{CHAT}", headers=headers, json=body)
    """
    found = planned(text)
    assert found.plan.edits == ()


def test_an_embeddings_request_keeps_its_width_and_no_encoding_is_asked_for() -> None:
    url = "'https://api.openai.com/v1/embeddings'"
    body = '{"model": "text-embedding-3-small", "input": [q]}'
    after = planned(post(f"headers=headers, json={body}", url)).after()
    assert '"dimensions": 1536' in after
    assert "encoding_format" not in after


def test_a_part_of_the_body_that_is_assigned_later_is_moved() -> None:
    text = f"""
    import os
    import requests
    {KEY}
    def ask(q):
        body = {BODY}
        body["store"] = True
        body["reasoning_effort"] = "low"
        return requests.post("{CHAT}", headers=headers, json=body)
    """
    found = planned(text)
    assert '"store"' not in found.after()


ADDRESSES = {
    "a format": "'https://api.openai.com/v1/{}'.format('chat/completions')",
    "a format with the base": "'{}/chat/completions'.format(BASE)",
    "a format by name": "'{base}/{path}'.format(path='chat/completions', base=BASE)",
    "a format by number": "'{1}/{0}'.format('chat/completions', BASE)",
    "a percent sign": "'%s/chat/completions' % BASE",
    "a percent sign and a tuple": "'https://%s/v1/%s' % ('api.openai.com', 'chat/completions')",
    "a percent sign and names": "'%(base)s/chat/completions' % {'base': BASE}",
    "joined parts": "'/'.join([BASE, 'chat', 'completions'])",
    "a joined path": "posixpath.join(BASE, 'chat/completions')",
    "a sum of names": "BASE + PATH",
    "a template elsewhere": "TEMPLATE.format(PATH)",
    "a host in an f-string": "f'https://{HOST}/v1/chat/completions'",
}


@pytest.mark.parametrize("url", ADDRESSES.values(), ids=list(ADDRESSES))
def test_an_address_that_is_filled_in_is_put_together_again(url: str) -> None:
    head = (
        f"{HEAD}import posixpath\nBASE = 'https://api.openai.com/v1'\nHOST = 'api.openai.com'\n"
        "PATH = '/chat/completions'\nTEMPLATE = 'https://api.openai.com/v1{}'\n"
    )
    after = planned(post(f"headers=headers, json={BODY}", url, head)).after()
    assert "qwen3.7-plus" in after
    assert "dashscope.aliyuncs.com/compatible-mode" in after


def test_a_template_of_somebody_elses_address_is_left() -> None:
    url = "'https://llm.example.com/v1/{}'.format(q)"
    assert planned(post(f"headers=headers, json={BODY}", url)).plan.edits == ()


def test_an_address_that_also_reaches_a_request_that_could_not_be_traced_stays() -> None:
    text = f"""
    import os
    import requests
    {KEY}
    BASE = "https://api.openai.com/v1"
    def ask(q):
        return requests.post(BASE + "/chat/completions", headers=headers, json={BODY})
    def again(path, body):
        url = BASE
        url += path
        return requests.post(url, json=body)
    """
    found = planned(text)
    assert found.plan.edits == ()
    assert "also serves" in found.item("call-waits").why


def test_a_stream_that_is_read_by_hand_is_told() -> None:
    body = BODY.replace("{", '{"stream": True, ', 1)
    found = planned(post(f"headers=headers, json={body}, stream=True"))
    told = found.item("stream-by-hand")
    assert "choices=[]" in told.why
    assert told.sources


AZURE = {
    "a host that is not known": 'f"{q}/openai/deployments/{more}/chat/completions?api-version=1"',
    "a host in a variable": (
        'os.environ["AZURE_OPENAI_ENDPOINT"] + "/openai/deployments/gpt/chat/completions"'
    ),
    "a format": '"https://{}.openai.azure.com/openai/deployments/{}/embeddings".format(q, more)',
}


@pytest.mark.parametrize("url", AZURE.values(), ids=list(AZURE))
def test_a_request_to_azure_is_told_how_it_is_written_there(url: str) -> None:
    found = planned(post('headers={"api-key": q}, json=more', url))
    assert found.plan.edits == ()
    assert "without `api-version`" in found.item("raw-http-azure").action


def test_a_session_of_aiohttp_with_a_host_keeps_its_paths_from_the_root() -> None:
    text = f"""
    import os
    import aiohttp
    {KEY}
    class Gateway:
        def open(self):
            self.session = aiohttp.ClientSession("https://api.openai.com", headers=headers)
        async def ask(self, q):
            async with self.session.post("/v1/chat/completions", json={BODY}) as response:
                return await response.json()
    """
    after = planned(text).after()
    assert 'ClientSession("https://dashscope.aliyuncs.com"' in after
    assert '"/compatible-mode/v1/chat/completions"' in after


def test_a_request_whose_key_cannot_be_read_anew_stays_as_a_whole() -> None:
    text = """
    import os
    import requests
    import subprocess
    KEY = os.environ["OPENAI_API_KEY"]
    URL = "https://api.openai.com/v1/models"
    def check(q):
        headers = {"Authorization": f"Bearer {KEY}"}
        url = "https://api.openai.com/v1/moderations"
        return requests.post(url, headers=headers, json={"input": q})
    def models():
        return subprocess.run(["curl", URL, "-H", f"Authorization: Bearer {KEY}"])
    """
    found = planned(text)
    assert found.plan.edits == ()
    assert any("reads the key" in one.why for one in found.plan.checklist)
