"""openai before 1.0: what is upgraded, by which client; what is kept; what stays, and why."""

from __future__ import annotations

import ast
import re

import pytest

from migrator.analysis.sites import Kind
from tests.planning.builders import ASK, Checklist, Convert, Leave, Planned, planned

CREATE = f'openai.ChatCompletion.create(model="gpt-4", {ASK})'
PINNED = {"requirements.txt": "openai==0.28.1\n"}


def upgraded(program: str, **files: str) -> Planned:
    return planned({"app.py": program, **files}, legacy="upgrade")


def after(program: str) -> str:
    return upgraded(program).after()


# -- which client ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("default", "key"),
    [(" = None", 'api_key or os.environ["DASHSCOPE_API_KEY"]'), ("", "api_key")],
    ids=["may be none", "always there"],
)
def test_a_key_that_a_call_brings_may_be_none(default: str, key: str) -> None:
    text = after(f"""
        import os
        import openai
        def ask(q, api_key{default}):
            return {CREATE.replace(")", ", api_key=api_key)")}
        ask("?"{"" if default else ", read()"})
    """)
    assert f"api_key={key},\n" in text
    assert "get_client(api_key).chat.completions.create(" in text


def test_a_key_set_beside_the_imports_becomes_a_clients() -> None:
    text = after(f"""
        import os
        import openai
        openai.api_key = os.getenv("OPENAI_API_KEY")
        openai.organization = "org-x"
        def ask(q):
            return {CREATE}
    """)
    assert 'api_key=os.getenv("DASHSCOPE_API_KEY")' in text
    assert "client.chat.completions.create(" in text
    assert "organization" not in text
    assert "openai.api_key" not in text


def test_without_a_key_in_the_repository_the_environment_has_it() -> None:
    text = after(f"import openai\ndef ask(q):\n    return {CREATE}\n")
    assert 'api_key=os.environ["DASHSCOPE_API_KEY"]' in text


def test_a_key_of_another_module_is_read_when_it_is_needed() -> None:
    found = planned(
        {
            "app.py": f"import openai\nimport config\ndef ask(q):\n    return {CREATE}\n",
            "config.py": 'import openai, os\nopenai.api_key = os.environ["OPENAI_API_KEY"]\n',
        }
    ).rewritten()
    assert "get_client().chat.completions.create(" in found["app.py"]
    assert "openai.api_key" not in found["config.py"]


@pytest.mark.parametrize(
    "setting",
    ["openai.api_key = sys.argv[1]", "openai.api_key = load(); print(openai.api_key)"],
    ids=["from the command line", "read elsewhere"],
)
def test_a_key_known_at_run_time_stays_the_modules(setting: str) -> None:
    text = after(f"""
        import sys
        import openai
        def main(q):
            {setting}
            return {CREATE}
    """)
    assert "openai.chat.completions.create(" in text
    assert "openai.api_key = " in text
    assert "openai.base_url = " in text


def test_what_is_called_before_its_key_is_set_has_no_client_yet() -> None:
    text = after(f"import openai\nq = 1\nx = {CREATE}\nopenai.api_key = load()\n")
    assert "x = openai.chat.completions.create(" in text


def test_the_name_of_a_client_is_free() -> None:
    text = after(f"import openai\nclient = connect()\ndef ask(q):\n    return {CREATE}\n")
    assert "openai_client.chat.completions.create(" in text


def test_scripts_with_keys_of_their_own_do_not_wait_for_each_other() -> None:
    script = f"import openai\nopenai.api_key = load()\ndef ask(q):\n    return {CREATE}\n"
    image = 'import openai\nopenai.api_key = load()\nopenai.Moderation.create(input="x")\n'
    found = planned({"one/app.py": script, "two/app.py": image}).rewritten()
    assert "client.chat.completions.create(" in found["one/app.py"]
    assert "openai.moderations.create(" in found["two/app.py"]
    assert "openai.api_key = load()" in found["two/app.py"]


# -- methods that are handed on ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "call"),
    [
        ("create = openai.ChatCompletion.create", "create({})"),
        ("", "partial(openai.ChatCompletion.create, {})()"),
        ("", "(await asyncio.to_thread(openai.ChatCompletion.create, {}))"),
        ("", "(await loop.run_in_executor(None, partial(openai.ChatCompletion.create, {})))"),
        ("", "tenacity.retry(stop=3)(openai.ChatCompletion.create)({})"),
        ("", "tenacity.Retrying(stop=3)(openai.ChatCompletion.create, {})"),
        ("", "backoff.on_exception(backoff.expo, KeyError)(openai.ChatCompletion.create)({})"),
        (
            "def again(f, *a, **k):\n    return f(*a, **k)",
            "again(openai.ChatCompletion.create, {})",
        ),
        ("pool = ThreadPoolExecutor()", "pool.submit(openai.ChatCompletion.create, {}).result()"),
    ],
    ids=[
        "kept in a name",
        "partial",
        "to a thread",
        "to an executor",
        "to a decorator",
        "to a retrying",
        "to another decorator",
        "to a function",
        "to a pool",
    ],
)
def test_a_method_that_is_handed_on_is_the_clients(head: str, call: str) -> None:
    written = call.format(f'engine="gpt-4", {ASK}')
    text = after(
        "import asyncio, backoff, openai, tenacity\nfrom functools import partial\n"
        f"from concurrent.futures import ThreadPoolExecutor\n{head}\n"
        f"async def ask(q, loop):\n    return {written}['choices'][0]['message']['content']\n"
    )
    assert "client.chat.completions.create" in text
    assert "ChatCompletion" not in text
    assert 'model="qwen3.7-plus"' in text
    assert ".choices[0].message.content" in text


def test_two_methods_that_are_called_in_one_place_are_listed_with_it() -> None:
    found = upgraded(
        "import openai\nf = openai.Completion.create if x else openai.ChatCompletion.create\nf()\n"
    )
    reasons = [one.why for one in found.plan.checklist if one.code == "legacy-sdk"]
    assert [one.split(",")[0] for one in reasons[:2]] == ["the method is handed on"] * 2
    assert "may be called here as well" in reasons[2]
    assert found.plan.edits == ()


def test_the_name_of_a_class_goes_with_its_calls() -> None:
    program = "import openai\nchat = openai.ChatCompletion\ndef ask(q):\n"
    call = CREATE.replace("openai.ChatCompletion", "chat")
    assert "ChatCompletion" not in after(f"{program}    return {call}\n")
    assert "chat = openai.ChatCompletion" in after(f"{program}    print(chat)\n    return {call}\n")


# -- what stays -----------------------------------------------------------------------------------


def reason(program: str) -> str:
    return upgraded(program).item("legacy-sdk").why


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        (
            f'import openai\nq = 1\nr = {CREATE}\nr["error"]\nr.to_dict_recursive()\n',
            "has no `error`",
        ),
        (
            f"import openai\nq = 1\nr = {CREATE}\nr.pop('id')\nr.refresh()\n",
            "no method `pop`",
        ),
        (
            "import openai\nf = openai.ChatCompletion.create\nopenai.api_key = load()\n"
            "def ask(q):\n    return f(model='gpt-4', messages=q)\n",
            "before the client can be made",
        ),
        ("import openai\nregister(openai.Embedding.create)\n", "not every call of it"),
        (
            "import openai\nf = openai.Moderation.create\nf('text')\n",
            "no names where the method is handed on",
        ),
        (
            "import openai\nf = openai.Image.create\nf(prompt='x')\nregister(f)\n",
            "called by another name",
        ),
        (
            "import openai\ndef ask(create=openai.Image.create):\n    create(prompt='x')\n",
            "called by another name",
        ),
        (
            "import openai\nf = openai.Image.create\nf(prompt='x', api_key=key)\n",
            "where the method is not named",
        ),
    ],
    ids=[
        "no such field",
        "a dict's method",
        "before its client",
        "handed to unknown code",
        "without names",
        "escapes",
        "may be given",
        "a key of its own",
    ],
)
def test_what_cannot_be_proven_stays_with_its_reason(program: str, expected: str) -> None:
    assert expected in reason(program)


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ('r["error"]', 'r["error"]'),
        ("r.pop('id')", "r.pop('id')"),
        ("isinstance(r, dict)", "isinstance(r, dict)"),
        ('r["error"] or r.choices[0].message', 'r["error"] or r["choices"][0]["message"]'),
        ('print((cached() or r)["choices"])', 'print((cached() or r)["choices"])'),
    ],
    ids=["no such field", "a dict's method", "asked for its type", "both ways", "meets others"],
)
def test_a_dict_is_made_of_an_answer_that_is_treated_as_one(use: str, expected: str) -> None:
    text = after(f"import openai\nq = 1\nr = {CREATE}\n{use}\n")
    assert f"\n).to_dict()\n{expected}\n" in text


def test_a_dict_is_made_of_a_part_that_is_spread_into_a_class_of_ones_own() -> None:
    text = after(f"""
        import openai
        class Choice:
            def __init__(self, message=None, **others):
                self.text = message["content"]
        def ask(q):
            return [Choice(**choice) for choice in {CREATE}["choices"]]
    """)
    assert "Choice(**choice.model_dump())" in text


def test_a_key_that_may_be_missing_is_told() -> None:
    found = upgraded(f"""
        import openai
        def ask(q):
            try:
                return {CREATE}["choices"]
            except KeyError:
                return None
    """)
    assert ".choices" in found.after()
    assert found.item("answer-missing").line == 4


def test_a_dict_is_made_of_an_answer_that_is_waited_for() -> None:
    text = after(f"""
        import openai
        async def ask(q):
            r = await {CREATE.replace("create", "acreate")}
            return r["error"]
    """)
    assert "r = (\n        await client.chat" in text or "r = (await client.chat" in text
    assert ").to_dict()" in text


def test_what_reads_the_answers_of_two_calls_is_rewritten_for_both_or_none() -> None:
    text = after(f"""
        import openai
        def one(q):
            r = {CREATE}
            r["error"]
            return text(r)
        def two(q):
            return text({CREATE})
        def text(r):
            return r["choices"][0].message["content"]
    """)
    assert text.count(".to_dict()") == 2
    assert 'return r["choices"][0]["message"]["content"]' in text


def test_a_call_that_stays_on_openai_is_upgraded_all_the_same() -> None:
    found = upgraded('import openai\nx = openai.Moderation.create("text")["results"][0]\n')
    assert found.after().endswith('x = openai.moderations.create(input="text").results[0]\n')
    assert isinstance(found.decision("app.py", Kind.CALL), Checklist)


UNMOVED = """
    import openai
    from openai.error import RateLimitError
    def ask(q):
        try:
            return openai.Completion.create(model="davinci-002", prompt=q, best_of=2)["choices"]
        except (RateLimitError, openai.error.Timeout):
            return None
"""
UNPINNED = {"a/requirements.txt": "openai\n", "b/requirements.txt": "openai>=0.27\n"}


def test_a_program_of_which_nothing_moves_is_not_upgraded() -> None:
    found = planned({"a/app.py": UNMOVED, "b/app.py": f"import openai\n{CREATE}\n", **UNPINNED})
    assert {one.path for one in found.plan.edits} == {"b/app.py"}
    assert found.codes("a/app.py") == ["completion-refused", "model-waits"]
    left = {one.site.detail for one in found.plan.decisions if isinstance(one, Leave)}
    assert {"error.RateLimitError", "error.Timeout"} <= left


@pytest.mark.parametrize(
    ("files", "legacy"),
    [
        ({"more.py": f"import openai\n{CREATE}\n"}, "auto"),
        ({"more.py": "from openai import OpenAI\ndef ask(client: OpenAI):\n    pass\n"}, "auto"),
        ({}, "upgrade"),
    ],
    ids=["another call moves", "another file is of the new release", "it is wished"],
)
def test_a_program_is_upgraded_as_a_whole(files: dict[str, str], legacy: str) -> None:
    text = planned({"app.py": UNMOVED, **files}, legacy=legacy).after()
    assert "openai.completions.create(" in text
    assert "except (RateLimitError, openai.APITimeoutError):" in text
    assert "openai.error" not in text


LOCAL = 'openai.api_base = "http://localhost:5000/v1"'


def test_an_address_of_others_under_a_condition_holds_the_calls() -> None:
    program = f"import openai\ndef ask(q):\n    if q:\n        {LOCAL}\n    return {CREATE}\n"
    assert "may also go to another provider" in upgraded(program).item("legacy-sdk").why


def test_an_address_of_others_is_no_openai() -> None:
    found = upgraded(f"import openai\n{LOCAL}\ndef ask(q):\n    return {CREATE}\n")
    assert found.plan.edits == ()
    assert not [one for one in found.plan.decisions if one.site.kind is Kind.CALL]


def test_a_folder_at_the_top_has_its_own_address() -> None:
    called = f"import openai\nopenai.api_key = key\ndef ask(q):\n    return {CREATE}\n"
    files = {"lab/one.py": f"import openai\n{LOCAL}\n{CREATE}\n", "shop/two.py": called}
    found = upgraded("", **files)
    (call,) = [one.site for one in found.plan.decisions if one.site.kind is Kind.CALL]
    assert call.path == "shop/two.py"
    assert LOCAL in found.item("call-elsewhere").action


def test_files_that_hang_together_have_one_address() -> None:
    called = f"import openai\nfrom lab import one\ndef ask(q):\n    return {CREATE}\n"
    files = {"lab/one.py": f"import openai\n{LOCAL}\n", "shop/two.py": called}
    found = upgraded("", **files)
    assert not [one for one in found.plan.decisions if one.site.kind is Kind.CALL]


def test_an_address_that_tests_set_is_theirs() -> None:
    program = f"import openai\ndef ask(q):\n    return {CREATE}\n"
    test = f"import openai\ndef test():\n    {LOCAL}\n"
    found = upgraded(program, **{"tests/test_app.py": test})
    assert "client.chat.completions.create(" in found.after()


def test_a_call_that_stays_keeps_its_own_key() -> None:
    text = after('import openai\nopenai.Moderation.create(input="x", api_key=key)\n')
    assert "get_client(key).moderations.create(" in text
    assert "return openai.OpenAI(api_key=api_key)" in text


def test_what_stays_on_azure_stays_on_its_release() -> None:
    found = upgraded(
        'import openai\nopenai.api_type = "azure"\nopenai.Moderation.create(input="x")\n'
    )
    assert found.plan.edits == ()
    assert "Azure" in found.item("legacy-sdk").why


# -- releases -------------------------------------------------------------------------------------


def test_a_pin_below_one_keeps_the_release() -> None:
    program = f"import openai\ndef ask(q):\n    return {CREATE}\n"
    found = planned({"app.py": program, **PINNED})
    text = found.rewritten()
    assert "openai.api_base = os.getenv(" in text["app.py"]
    assert "enable_thinking=False" in text["app.py"]
    assert "extra_body" not in text["app.py"]
    assert isinstance(found.decision("requirements.txt", Kind.DEP), Leave)


@pytest.mark.parametrize(
    "asked",
    [
        'hasattr(openai, "OpenAI")',
        'openai.__version__ >= "1"',
        'metadata.version("openai") >= "1"',
    ],
)
def test_a_file_that_asks_for_the_release_keeps_a_way_for_each(asked: str) -> None:
    found = upgraded(f"""
        import openai
        def ask(q):
            if {asked}:
                return openai.OpenAI().chat.completions.create(model="gpt-4", {ASK})
            return {CREATE}
    """)
    text = found.after()
    assert "openai.ChatCompletion.create(" in text
    assert "openai.api_base = os.getenv(" in text
    assert ").chat.completions.create(" in text
    assert text.count("qwen") == 2
    assert found.item("legacy-branch")


def test_a_file_that_goes_on_without_a_client_keeps_a_way_for_each() -> None:
    found = upgraded(f"""
        try:
            from openai import OpenAI
        except ImportError:
            import openai
        def ask(q):
            return {CREATE}
    """)
    assert found.item("legacy-branch")


def test_another_attribute_of_the_module_tells_no_release() -> None:
    program = f'import openai\nx = hasattr(openai, "engine_of_ours")\nq = 1\n{CREATE}\n'
    assert "client.chat.completions.create(" in after(program)


def test_a_pin_counts_for_its_own_folder() -> None:
    program = f"import openai\ndef ask(q):\n    return {CREATE}\n"
    found = planned(
        {"old/app.py": program, "old/requirements.txt": "openai<1\n", "new/app.py": program}
    ).rewritten()
    assert "openai.ChatCompletion.create(" in found["old/app.py"]
    assert "client.chat.completions.create(" in found["new/app.py"]


@pytest.mark.parametrize(
    ("pin", "raised"),
    [("openai==0.28.1", "openai>=1.40"), ("openai[datalib]<1", "openai[datalib]>=1.40")],
)
def test_a_pin_is_raised_with_its_calls(pin: str, raised: str) -> None:
    program = f"import openai\ndef ask(q):\n    return {CREATE}\n"
    found = upgraded(program, **{"requirements.txt": f"{pin}\n"})
    assert found.after("requirements.txt") == f"{raised}\n"
    assert isinstance(found.decision("requirements.txt", Kind.DEP), Convert)


def test_a_pin_does_not_wait_for_what_is_gone() -> None:
    program = f"import openai\ndef ask(q):\n    return {CREATE}\nopenai.FineTune.list()\n"
    found = upgraded(program, **PINNED)
    assert found.after("requirements.txt") == "openai>=1.40\n"


def test_a_pin_waits_for_the_calls_that_stay() -> None:
    program = f'import openai\ndef ask(q):\n    return {CREATE}\nopenai.Edit.create(input="x")\n'
    found = upgraded(program, **PINNED)
    assert found.after("requirements.txt") == "openai==0.28.1\n"
    assert "Edit.create" in found.item("legacy-pin").why


# -- methods that ended ---------------------------------------------------------------------------


def test_an_edit_becomes_a_chat_request() -> None:
    found = upgraded(
        'import openai\nx = openai.Edit.create(model="text-davinci-edit-001", input=a, '
        'instruction=b)["choices"][0]["text"]\n'
    )
    assert """\
    messages=[{"role": "system", "content": b}, {"role": "user", "content": a}],
""" in found.after()
    assert "choices[0].message.content" in found.after()


def test_an_edit_that_does_not_move_stays() -> None:
    found = upgraded('import openai\nopenai.Edit.create(input="x")\n')
    assert found.plan.edits == ()
    assert "later releases of openai have no `edits.create`" in found.item("legacy-sdk").why


def test_tuning_jobs_have_a_client_and_no_provider() -> None:
    found = upgraded("""
        import openai
        job = openai.FineTuningJob.create(training_file="f", model="m")
        print(job["id"], openai.FineTuningJob.retrieve(id=job["id"])["status"])
        openai.FineTuningJob.list(starting_after="j")
    """)
    text = found.after()
    assert 'job = openai.fine_tuning.jobs.create(training_file="f", model="m")' in text
    assert "openai.fine_tuning.jobs.retrieve(fine_tuning_job_id=job.id).status" in text
    assert 'openai.fine_tuning.jobs.list(after="j")' in text
    assert found.codes().count("endpoint-missing") == 3


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ('openai.FineTune.create(training_file="f")', "legacy-ended"),
        ('openai.Engine(id="davinci").generate(prompt="x")', "legacy-ended"),
        ("openai.Deployment.list()", "legacy-gone"),
        ("openai.Customer.create()", "legacy-gone"),
    ],
)
def test_what_is_gone_is_told_and_holds_nothing_else(call: str, code: str) -> None:
    program = f"import openai\nopenai.api_key = load()\n{call}\ndef ask(q):\n    return {CREATE}\n"
    found = upgraded(f"{program}def again():\n    openai.api_key = load()\n")
    assert found.item(code)
    assert call in found.after()
    assert "openai.chat.completions.create(" in found.after()


def test_a_client_stands_before_what_shares_the_line_of_the_import() -> None:
    text = after("import openai; r = openai.ChatCompletion.create(model='gpt-4', messages=[])\n")
    assert text.index("import os") < text.index("client = openai.OpenAI(") < text.index("; r = ")
    ast.parse(text)


# -- exceptions -----------------------------------------------------------------------------------


def test_exceptions_have_their_new_names() -> None:
    found = upgraded(f"""
        import openai
        from openai.error import RateLimitError, Timeout
        def ask(q):
            try:
                return {CREATE}
            except (RateLimitError, Timeout):
                return None
            except openai.error.InvalidRequestError:
                raise
    """)
    text = found.after()
    assert "from openai import APITimeoutError, RateLimitError" in text
    assert "except (RateLimitError, APITimeoutError):" in text
    assert "except (openai.BadRequestError, openai.NotFoundError):" in text


CAUGHT = """
    import openai
    from openai import error
    def again(call):
        try:
            return call()
        except (openai.error.Timeout, error.RateLimitError):
            return None
"""


@pytest.mark.parametrize(
    "client",
    [
        """
            import openai
            def validate(values):
                values["client"] = openai.ChatCompletion
        """,
        """
            from openai import (
                ChatCompletion as Chat,
            )
            def validate(values):
                values["client"] = Chat
        """,
        """
            import openai as ai
            def validate(values):
                values["client"] = ai.Embedding
        """,
    ],
    ids=["of the module", "imported", "by another name"],
)
def test_exceptions_wait_for_calls_that_are_not_known(client: str) -> None:
    found = planned({"base.py": CAUGHT, "model.py": client})
    assert found.plan.edits == ()
    assert found.codes("base.py") == []
    moved = f"import openai\ndef ask(q):\n    return {CREATE}\n"
    found = planned({"base.py": CAUGHT, "model.py": client, "app.py": moved})
    assert "except (openai.APITimeoutError, openai.RateLimitError):" in found.after("base.py")


def test_exceptions_are_caught_of_the_calls_that_stay() -> None:
    text = after(f"""
        import openai
        def ask(q):
            try:
                return {CREATE}
            except openai.error.Timeout:
                return None
        def edit(q):
            try:
                return openai.Edit.create(input=q)
            except openai.error.Timeout:
                return None
    """)
    first, second = text.split("def edit")
    assert "except openai.APITimeoutError:" in first
    assert "openai.Edit.create(input=q)" in second
    assert "except openai.error.Timeout:" in second


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("except InvalidRequestError:", "except (BadRequestError, openai.NotFoundError):"),
        (
            "except (openai.error.InvalidRequestError, OSError) as e:",
            "except (openai.BadRequestError, OSError, openai.NotFoundError) as e:",
        ),
        (
            "except Exception as e:\n    if isinstance(e, openai.error.InvalidRequestError):",
            "    if isinstance(e, (openai.BadRequestError, openai.NotFoundError)):",
        ),
        ("except openai.error.TryAgain:", "except openai.ConflictError:"),
    ],
)
def test_what_was_one_error_is_caught_by_all_its_names(asked: str, expected: str) -> None:
    head = "import openai\nfrom openai.error import InvalidRequestError\n"
    block = f"{asked}\npass".replace("\npass", "\n        pass")
    found = upgraded(f"{head}try:\n    {CREATE}\n{block}\n")
    assert expected in found.after()
    assert "exception-narrower" not in found.codes()


def test_what_was_one_error_is_told_where_it_is_not_known_what_for() -> None:
    found = upgraded(f"import openai\nFATAL = [openai.error.InvalidRequestError]\n{CREATE}\n")
    assert "FATAL = [openai.BadRequestError]" in found.after()
    assert "`openai.NotFoundError`" in found.item("exception-narrower").action


def test_an_exception_that_is_wider_now_is_told() -> None:
    found = upgraded(f"""
        import openai
        def ask(q):
            try:
                return {CREATE}
            except openai.error.APIError:
                return None
    """)
    assert "except openai.APIError:" in found.after()
    assert found.item("exception-wider")


@pytest.mark.parametrize(
    ("caught", "read", "expected"),
    [
        ("RateLimitError", "http_status", "return e.status_code"),
        ("InvalidRequestError", "user_message", "return e.message"),
        ("Timeout", "user_message", "return e.message"),
    ],
)
def test_fields_of_errors_have_their_new_names(caught: str, read: str, expected: str) -> None:
    assert expected in after(_handler(caught, read))


@pytest.mark.parametrize(
    ("caught", "read"), [("APIError", "http_status"), ("RateLimitError", "json_body")]
)
def test_fields_that_errors_may_lack_are_listed(caught: str, read: str) -> None:
    found = upgraded(_handler(caught, read))
    assert f"return e.{read}" in found.after()
    assert found.item("error-field")


def _handler(caught: str, read: str) -> str:
    return f"""
        import openai
        def ask(q):
            try:
                return {CREATE}
            except openai.error.{caught} as e:
                return e.{read}
    """


@pytest.mark.parametrize(
    ("imported", "named"),
    [
        ("from openai.openai_object import OpenAIObject", "OpenAIObject"),
        ("from openai import openai_object", "openai_object.OpenAIObject"),
    ],
)
def test_the_type_of_answers_goes_where_it_is_only_named(imported: str, named: str) -> None:
    program = f"import openai\n{imported}\ndef ask(q) -> {named}:\n    return {CREATE}\n"
    text = after(program)
    assert "from typing import Any" in text
    assert "def ask(q) -> Any:" in text
    assert "openai_object" not in text
    found = upgraded(f"{program}print(isinstance(ask(1), {named}))\n")
    assert named in found.after()
    assert "legacy-name" in found.codes() or "legacy-sdk" in found.codes()


# -- embeddings_utils -----------------------------------------------------------------------------

HEAD = "import openai\nfrom openai.embeddings_utils import cosine_similarity, get_embedding\n"
EMBED = 'get_embedding(q, engine="text-embedding-ada-002")'


def test_the_functions_of_embeddings_utils_are_written_where_they_are_imported() -> None:
    found = upgraded(f"{HEAD}def score(q, v):\n    return cosine_similarity({EMBED}, v)\n")
    text = found.after()
    assert "def cosine_similarity(a, b):" in text
    assert "client.embeddings.create(" in text
    assert "text-embedding-v4" in text
    assert "legacy-name" not in found.codes()


def test_a_function_of_embeddings_utils_that_is_not_written_is_listed() -> None:
    found = upgraded(
        "from openai.embeddings_utils import plot_multiclass_precision_recall as plot\nplot(1)\n"
    )
    assert "legacy-name" in found.codes()
    assert found.plan.edits == ()


def test_embeddings_utils_may_be_all_that_is_imported() -> None:
    found = upgraded(
        "from openai.embeddings_utils import get_embedding\n\n"
        'x = get_embedding("a", engine="text-embedding-ada-002")\n'
    )
    text = found.after()
    compile(text, "app.py", "exec")
    assert text.index("def get_embedding") < text.index("client = ") < text.index("x = ")


# -- functions that are called with every item ---------------------------------------------------

ROWS = """import functools, heapq, itertools, operator, openai
rows = openai.Embedding.create(input=[one, two], model="text-embedding-3-small")["data"]
"""


@pytest.mark.parametrize(
    "written",
    [
        'sorted(rows, key=lambda x: x["index"])',
        'rows.sort(key=lambda x: x["index"])',
        'max(rows, key=lambda x: x["index"])',
        'max(rows[0], rows[1], key=lambda x: x["index"])',
        'heapq.nlargest(1, rows, key=lambda x: x["index"])',
        'list(filter(lambda x: x["index"], rows))',
        'list(itertools.takewhile(lambda x: x["index"], rows))',
        'functools.reduce(lambda total, x: total + x["index"], rows, 0)',
        'functools.reduce(lambda best, x: best if best["index"] else x, rows)["index"]',
        '[x for x in rows].sort(key=lambda x: x["index"])',
    ],
)
def test_a_function_that_is_called_with_every_item_reads_it_as_an_object(written: str) -> None:
    found = upgraded(ROWS + written + "\n")
    assert found.after().endswith(written.replace('["index"]', ".index") + "\n")
    assert "answer-escapes" not in found.codes()


def test_a_function_that_is_not_followed_is_named_where_it_is_called_with_every_item() -> None:
    found = upgraded(ROWS + 'sorted(rows, key=operator.itemgetter("index"))\n')
    assert 'operator.itemgetter("index")' in found.item("answer-escapes").title


@pytest.mark.parametrize("written", ["sorted(rows, key=None)", "len(rows)", "sorted(rows)"])
def test_nothing_is_said_where_no_function_is_called_with_the_items(written: str) -> None:
    assert "answer-escapes" not in upgraded(ROWS + written + "\n").codes()


def test_a_deployment_beside_a_model_ends_without_a_word() -> None:
    call = CREATE.replace("create(", 'create(deployment_id="chat-prod", ')
    found = upgraded(f'import openai\nopenai.api_type = "azure"\n{call}\n')
    assert "deployment_id" not in found.after()
    assert not {"azure-deployment-named", "parameter-unknown"} & set(found.codes())


@pytest.mark.parametrize(
    "call",
    [CREATE, 'openai.Embedding.create(input=texts, model="text-embedding-ada-002")'],
)
def test_a_call_that_leaves_as_a_dict_is_given_its_arguments_first(call: str) -> None:
    text = after(f'import json, openai\nprint(json.dumps({{"answer": {call}, "ok": True}}))\n')
    assert re.search(r"\)\s*\.model_dump\(\)", text)
    assert "model_dump(\n" not in text


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("import logging\nlog = logging.getLogger(__name__)", False),
        ("from loguru import logger as log", False),
        ("import other as log", True),
    ],
)
def test_a_log_takes_whatever_there_is(head: str, told: bool) -> None:
    found = upgraded(f"import openai\n{head}\nanswer = {CREATE}\nlog.info(answer)\n")
    assert ("answer-escapes" in found.codes()) is told


@pytest.mark.parametrize("written", ["from openai import error", "from openai import error as oe"])
def test_the_module_of_errors_goes_with_its_names(written: str) -> None:
    local = written.split()[-1]
    caught = f"try:\n    {CREATE}\nexcept {local}.RateLimitError:\n    pass\n"
    found = upgraded(f"import openai\n{written}\n{caught}")
    assert written not in found.after()
    assert "except openai.RateLimitError:" in found.after()
    assert "legacy-name" not in found.codes()


def test_a_module_of_errors_that_is_used_otherwise_is_told() -> None:
    caught = f"try:\n    {CREATE}\nexcept error.RateLimitError:\n    print(error)\n"
    found = upgraded(f"import openai\nfrom openai import error\n{caught}")
    assert "openai.error" in found.item("legacy-name").title


# -- what is kept, a second time -------------------------------------------------------------------


def kept(**files: str) -> Planned:
    return planned({**files, **PINNED}, legacy="keep")


SET_IN_TESTS = 'import openai\ndef test_it():\n    openai.api_key = "k"\n    openai.Model.list()\n'


def test_what_a_test_sets_on_the_module_is_not_set_for_the_program() -> None:
    program = f"import openai\ndef ask(q):\n    return {CREATE}\n"
    found = kept(**{"app.py": program, "tests/test_app.py": SET_IN_TESTS})
    assert "openai.api_base = os.getenv(" in found.after()


def test_a_test_that_was_pointed_at_the_provider_is_not_planned_again() -> None:
    program = f"import openai\ndef ask(q):\n    return {CREATE}\n"
    first = kept(**{"app.py": program, "tests/test_app.py": SET_IN_TESTS})
    files = {path: first.after(path) for path in ("app.py", "tests/test_app.py")}
    assert kept(**files).plan.edits == ()


def test_a_method_that_is_called_by_another_name_is_kept_as_well() -> None:
    embed = 'openai.Embedding.create, input=texts, model="text-embedding-ada-002"'
    program = f"""
    import openai
    openai.api_key = key
    def retry(call, **request):
        try:
            return call(**request)
        except ValueError:
            return call(**request)
    def embed(texts: list):
        return retry({embed})
    """
    found = kept(**{"app.py": program})
    assert '"text-embedding-v4"' in found.after()
    assert "legacy-sdk" not in found.codes()


def test_a_script_that_sets_a_key_gets_an_address_whatever_scripts_beside_it_set() -> None:
    script = f"""
        import os
        import openai
        def ask(q):
            openai.api_key = os.environ["OPENAI_API_KEY"]
            return {CREATE}
        ask("hello")
    """
    other = script.replace("def ask", 'openai.api_base = "https://api.openai.com/v1"\ndef ask', 1)
    other = other.replace("\nopenai", "\n        openai").replace("\ndef", "\n        def")
    found = planned({"app.py": other, "below/again.py": script, "more.py": script, **PINNED})
    for path in ("app.py", "below/again.py", "more.py"):
        assert "openai.api_base = " in found.after(path), path
    assert "api.openai.com" not in found.after("app.py")
