"""Read a form-js schema and check what a person sent against it: routing values, everything, or errors by field.

The only place that knows what a form demands; `web.form_fields` merely reads HTML. No database and
no clock: both come in with the `FormContext`.
"""

from engine.form_schema.check import Checked, FormContext
from engine.form_schema.field import Field, Option
from engine.form_schema.form import Form
from engine.form_schema.problems import FormProblem, problems

__all__ = ["Checked", "Field", "Form", "FormContext", "FormProblem", "Option", "problems"]
