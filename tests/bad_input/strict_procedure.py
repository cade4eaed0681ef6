"""one-task with a form that asks for everything that can be wrong, and with properties on its task."""

import json
from xml.sax.saxutils import quoteattr

from tests.factories import files_of

TASK = '<bpmn:userTask id="answer" name="答复客户"/>'
FORM = "forms/one-task/answer.json"
CAUSES = [
    {"value": "crew", "label": "施工", "label_en": "Crew"},
    {"value": "parts", "label": "材料", "label_en": "Parts"},
]
FIELDS = [
    {"type": "number", "key": "visits", "label": "上门次数", "validate": {"min": 1, "max": 9}},
    {"type": "number", "key": "cost", "label": "费用", "decimalDigits": 2},
    {"type": "datetime", "subtype": "datetime", "key": "done_at", "dateLabel": "答复时间", "timeLabel": "时刻"},
    {"type": "textfield", "key": "contact", "label": "联系电话", "validate": {"validationType": "phone"}},
    {"type": "filepicker", "key": "photos", "label": "照片", "accept": "image/*", "multiple": True},
    {"type": "checklist", "key": "causes", "label": "原因", "values": CAUSES},
    {"type": "dynamiclist", "path": "payers", "label": "分摊", "components": [
        {"type": "textfield", "key": "payer", "label": "承担方", "properties": {"label_en": "Payer"}},
        {"type": "number", "key": "share", "label": "份额", "properties": {"label_en": "Share"}}]},
]  # fmt: skip


def strict_files(**properties: str) -> dict[str, bytes]:
    """The files of one-task, its task with these properties and the further fields."""
    files = files_of("one-task")
    form = json.loads(files[FORM])
    for field in FIELDS:
        extra = {"label_en": str(field.get("key") or field["path"])}
        if field.get("subtype"):
            extra["counts_as_done"] = "true"
        form["components"].append({**field, "properties": extra})
    told = "".join(
        f'<spiffworkflow:property name="{name}" value={quoteattr(value)}/>' for name, value in properties.items()
    )
    task = TASK.removesuffix("/>") + (
        f"><bpmn:extensionElements><spiffworkflow:properties>{told}</spiffworkflow:properties>"
        "</bpmn:extensionElements></bpmn:userTask>"
    )
    diagram = files["one-task.bpmn"].decode().replace(TASK, task if told else TASK)
    return files | {FORM: json.dumps(form).encode(), "one-task.bpmn": diagram.encode()}
