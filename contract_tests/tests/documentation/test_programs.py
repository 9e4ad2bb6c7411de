"""Accepting says which programs and commands of README.md and examples/ people have to change."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from contract_tests.tests.documentation.base import base_spec
from documentation.changing.programs import outdated, patch_of

README = """
```python
from foxapi_video import Veo31FastRequest
requests = [Veo31FastRequest(prompt=f"The fox {does}") for does in ("sleeps", "wakes up")]
```

```py
fox.videos.generate(model="veo3.1-fast", prompt="on", duration=5, timeout=60, on_progress=print)
```

```sh
foxapi-video create veo3.1-fast --prompt "The fox sleeps" --download out.mp4
foxapi-video models MODEL
```
"""
EXAMPLE = "fox.videos.create(Veo31FastRequest(prompt='on', image_url=None))\n"


@pytest.fixture
def shown(tmp_path: Path) -> Path:
    """A project with a README and an example."""
    (tmp_path / "README.md").write_text(README)
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "make.py").write_text(EXAMPLE)
    return tmp_path


def test_what_still_fits_is_not_told(shown: Path) -> None:
    assert outdated(shown, base_spec()) == []


def test_a_field_of_another_name_is_told_where_it_is_used(shown: Path) -> None:
    document = base_spec()
    for name in ("Veo31FastRequest", "Veo31FastFramesRequest"):
        schema = document["components"]["schemas"][name]
        schema["properties"]["words"] = schema["properties"].pop("prompt")
        schema["required"] = ["model", "words"]
    assert outdated(shown, document) == [
        "README.md: Veo31FastRequest has no prompt",
        "README.md: Veo31FastRequest needs words",
        "README.md: veo3.1-fast has no prompt",
        "README.md: veo3.1-fast needs words",
        "examples/make.py: Veo31FastRequest has no prompt",
        "examples/make.py: Veo31FastRequest needs words",
    ]


def test_a_variant_and_a_model_that_are_gone_are_told(shown: Path) -> None:
    document = base_spec()
    for name in ("Veo31FastRequest", "Veo31FastFramesRequest"):
        del document["components"]["schemas"][name]
    assert outdated(shown, document) == [
        "README.md: there is no Veo31FastRequest",
        "README.md: there is no model veo3.1-fast",
        "examples/make.py: there is no Veo31FastRequest",
    ]


def test_a_field_with_a_new_name_is_proposed_as_a_patch_that_git_takes(shown: Path) -> None:
    changed = base_spec()
    schema = changed["components"]["schemas"]["Veo31FastRequest"]
    twins = {"prompt": "words", "image_url": "start_image_url"}
    for old, new in twins.items():
        schema["properties"][new] = schema["properties"].pop(old)
    schema["required"] = [twins.get(name, name) for name in schema["required"]]
    patch = patch_of(shown, changed, "veo3.1-fast", twins)
    subprocess.run(["git", "apply", "-"], cwd=shown, input=patch.encode(), check=True)
    after = (shown / "README.md").read_text()
    assert 'Veo31FastRequest(words=f"The fox {does}")' in after
    assert 'generate(model="veo3.1-fast", words="on", duration=5' in after
    assert '--words "The fox sleeps"' in after and "prompt" not in after
    assert "words='on', start_image_url=None" in (shown / "examples" / "make.py").read_text()
    assert patch_of(shown, changed, "veo3.1-fast", twins) == ""
    assert patch_of(shown, changed, "veo-3.1-extend", {"duration": "seconds"}) == ""
