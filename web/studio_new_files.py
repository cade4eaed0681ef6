"""What a new form, decision table or paper begins with: the least that its editor can open."""

import json
from xml.sax.saxutils import quoteattr

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def form(key: str, title: str) -> str:
    """A form without fields, as the form editor writes it."""
    empty = {"type": "default", "id": key, "schemaVersion": 16, "title": title, "title_en": "", "components": []}
    return json.dumps(empty, ensure_ascii=False, indent=2) + "\n"


def decision(key: str, title: str) -> str:
    """A decision table with one condition, one result and no row."""
    name = quoteattr(title)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="{DMN}" id="{key}_definitions" name={name} namespace="https://renoflow.invalid/decisions">
  <decision id="{key}" name={name}>
    <decisionTable id="{key}_table" hitPolicy="FIRST">
      <input id="{key}_input" label="条件">
        <inputExpression id="{key}_expression">
          <text></text>
        </inputExpression>
      </input>
      <output id="{key}_output" label="结果" name="result" />
    </decisionTable>
  </decision>
</definitions>
"""


def document(title: str) -> str:
    """A paper with its title, one table of facts and a line to sign on."""
    quoted = json.dumps(title, ensure_ascii=False)
    return f"""#import "/paper.typ": *
#show: paper.with(title: {quoted})

#facts(
  fact("案件", data.case.number),
)
#signatures(sign("经办人"))
"""
